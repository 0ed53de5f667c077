// The engine of a page, made by whoever loads this first; others that wait for it are told.

import { Engine } from "./engine.js";

globalThis.__conduit_sound ??= new Engine();
dispatchEvent(new Event("conduit-sound"));
