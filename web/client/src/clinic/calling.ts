// What a call needs and the day's list does not: loaded when the list is on show and the page is idle.

export { CallScreen } from "../dom/callscreen";
export { Room } from "../room";
