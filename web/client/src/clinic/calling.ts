// What consult and call need and the day's list does not: loaded as one when the list is on show and the page is idle.

export { CallScreen } from "../dom/callscreen";
export { Kept } from "../dom/kept";
export { Gathering } from "../dom/gathering";
export { OwnSide } from "../dom/ownside";
export { Picker } from "../dom/picker";
export { Room } from "../room";
export { Captions } from "./captions";
export { Consult } from "./consult";
