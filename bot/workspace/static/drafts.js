// What is being written in each place, by each person: it outlives a reload of the page.
const drafts = new Map(Object.entries(JSON.parse(sessionStorage.getItem("drafts") ?? "{}")));

export function readDraft(key) {
  return drafts.get(key) ?? "";
}

export function writeDraft(key, text) {
  if (text) drafts.set(key, text);
  else drafts.delete(key);
  sessionStorage.setItem("drafts", JSON.stringify(Object.fromEntries(drafts)));
}
