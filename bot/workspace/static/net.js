// Talks to the workspace: acts are posted one at a time, the state is fetched anew whenever it changed.
export const store = { state: null, place: "", thread: null, wanted: null };

let draw = () => {};
let fetching = null;
let isStale = false;

export function onState(callback) {
  draw = callback;
}

// Done when the state is as new as the call.
export function refresh() {
  isStale = true;
  fetching ??= fetchState().finally(() => { fetching = null; });
  return fetching;
}

async function fetchState() {
  while (isStale) {
    isStale = false;
    const answer = await fetch("/ui/state");
    if (answer.ok) {
      store.state = await answer.json();
      draw();
    }
  }
}

export async function post(name, body = {}) {
  const request = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  try {
    const answer = await fetch(`/ui/${name}`, request);
    const told = await answer.json();
    await refresh();
    return answer.ok ? told : lost(told.error);
  } catch {
    return lost("The workspace does not answer. Is it still running?");
  }
}

function lost(error) {
  store.state.failure = error;
  draw();
  return { ok: false, error };
}

export function listen() {
  const source = new EventSource("/ui/stream");
  source.onmessage = () => refresh().catch(() => {});
}

export function person(id) {
  return store.state.people.find((each) => each.id === id);
}

export function personName(id) {
  if (id === store.state.app.id) return store.state.app.name;
  return person(id)?.real_name ?? id;
}

export function workspaceNow() {
  return new Date(Date.now() + store.state.offset_seconds * 1000);
}
