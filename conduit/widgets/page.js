// The model of an exported page: it holds what the view shows, and answers what a kernel would.

const data = JSON.parse(document.getElementById("conduit-data").textContent);
const view = (text) => new DataView(Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)).buffer);
const { traits, sounds } = data;
traits.clips = traits.clips.map((clip) => ({ ...clip, notes: view(clip.notes), controls: view(clip.controls) }));
const calls = new Map();
const emit = (name, ...values) => [...(calls.get(name) ?? [])].forEach((call) => call(...values));
const tell = (message, buffers = []) => setTimeout(() => emit("msg:custom", message, buffers));
const answers = {
  hello: () => tell({ type: "routed", beside: true }),
  edit: ({ epoch, n, part }) => tell({ type: "edited", epoch, n, part, facts: {} }),
  playback: () => {},
  code: () => tell({ type: "code" }, data.code),
  sounds: ({ names }) => {
    const known = sounds.filter(({ name }) => names.includes(name));
    tell({ type: "sounds", sounds: known.map(({ name, zones }) => ({ name, zones })) }, known.map(({ samples }) => view(samples)));
  },
};
const elsewhere = (what) => tell({ type: "toast", text: `This page stands alone: ${what} needs the notebook.` });
const model = {
  get: (name) => traits[name],
  set: (name, value) => { traits[name] = value; emit(`change:${name}`); },
  save_changes() {},
  on: (name, call) => calls.set(name, [...(calls.get(name) ?? []), call]),
  off: (name, call) => calls.set(name, (calls.get(name) ?? []).filter((one) => call && one !== call)),
  send: (message) => (answers[message.type] ?? (() => elsewhere(message.type)))(message),
};
const address = URL.createObjectURL(new Blob([data.module], { type: "text/javascript" }));
const { default: widget } = await import(address);
URL.revokeObjectURL(address);
const el = document.getElementById("conduit");
widget.initialize?.({ model });
el.replaceChildren();
widget.render({ model, el });
