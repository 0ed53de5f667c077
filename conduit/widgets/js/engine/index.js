// The engine of a page. Where there is one, of another version, it makes way; who waits for sounds is told to ask again.

import { Engine } from "./engine.js";

globalThis.__conduit_sound?.close();
globalThis.__conduit_sound = new Engine();
dispatchEvent(new Event("conduit-sound"));
