// After Prism is read: the page has by its name what it had before.

import { kept } from "./prism_begin.js";

if (kept.had) globalThis.Prism = kept.value;
else delete globalThis.Prism;
