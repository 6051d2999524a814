// The way past the header, on pages whose address ends in a secret: it must not take the secret's place behind the #.

import { one } from "./page";

export function keepSecret(): void {
  one("a.skip").addEventListener("click", (event) => {
    event.preventDefault();
    one("main").focus();
  });
}
