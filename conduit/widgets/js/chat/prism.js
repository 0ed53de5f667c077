// The tokenizer of Prism with a few languages. Its parts find each other by a global name, and it would colour the whole
// page by itself: it is told not to, and the page's own Prism, if it has one, is put back.

import "./prism_begin.js";
import Prism from "prismjs/components/prism-core.js";
import "./prism_here.js";
import "prismjs/components/prism-clike.js";
import "prismjs/components/prism-javascript.js";
import "prismjs/components/prism-json.js";
import "prismjs/components/prism-python.js";
import "prismjs/components/prism-bash.js";
import "prismjs/components/prism-yaml.js";
import "./prism_end.js";

export { Prism };
