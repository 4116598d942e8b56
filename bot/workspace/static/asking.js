// How the tools talk to the workspace: they look, or they switch something and hear what holds then.
export async function ask(name, body) {
  const how = body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(`/ui/${name}`, how);
  return answer.json();
}
