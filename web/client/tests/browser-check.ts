// The check of a line on a bare page, for the laboratory.

import { check } from "../src/check/line";

Object.assign(globalThis, { check });
