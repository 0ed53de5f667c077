// Before Prism is read: what the page has by its name is kept, and Prism is told to leave the page alone.

export const kept = { had: "Prism" in globalThis, value: globalThis.Prism };
globalThis.Prism = { manual: true, disableWorkerMessageHandler: true };
