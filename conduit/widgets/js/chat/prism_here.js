// Between Prism and its languages: they ask for it by its global name.

import Prism from "prismjs/components/prism-core.js";

globalThis.Prism = Prism;
