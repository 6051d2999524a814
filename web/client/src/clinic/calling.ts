// What consult and call need and the day's list does not: loaded when the list is on show and the page is idle.

export { CallScreen } from "../dom/callscreen";
export { Others } from "../dom/others";
export { OwnSide } from "../dom/ownside";
export { Room } from "../room";
export { Consult } from "./consult";
