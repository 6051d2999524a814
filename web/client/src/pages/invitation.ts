// The page behind a one-time link to staff: moves the secret from the address's fragment into the form. Nothing is sent
// before the button is pressed, and the secret leaves the address bar and the history at once.

const secret = location.hash.slice(1);
const field = document.querySelector<HTMLInputElement>("#token");

if (secret && field) {
  field.value = secret;
  history.replaceState(null, "", location.pathname + location.search);
  field.form?.querySelector("button")?.focus();
}

export {};
