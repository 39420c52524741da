/** What the sign-in page says. */
export interface SignInRequest {
  readonly client: string;
  readonly redirectUri: string;
  readonly resources: readonly string[];
  readonly scopes: readonly string[];
  /** Filled in already. */
  readonly account: string;
  /** Why the last attempt was refused. */
  readonly problem?: string;
}

/** A page with one field and one button: who you are, and that you agree. */
export function signInPage(request: SignInRequest): string {
  const { client, redirectUri, resources, scopes, account, problem } = request;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Sign in to Gantry (development)</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 10vh auto; padding: 0 1rem }
  dt { color: #666; font-size: .85rem } dd { margin: 0 0 .75rem; overflow-wrap: anywhere }
  input, button { font: inherit; padding: .5rem .75rem; width: 100%; box-sizing: border-box; margin-top: .5rem }
  .problem { color: #b00020 }
</style>
<h1>Sign in</h1>
<dl>
  <dt>Program</dt><dd>${escapeHtml(client)}</dd>
  <dt>returns to</dt><dd>${escapeHtml(redirectUri)}</dd>
  <dt>wants to use</dt><dd>${escapeHtml(resources.join(', '))}</dd>
  <dt>with</dt><dd>${escapeHtml(scopes.join(' ') || 'no scopes')}</dd>
</dl>
<form method="post">
  ${problem === undefined ? '' : `<p class="problem">${escapeHtml(problem)}</p>`}
  <label>You are (name@tenant; no password, this server is for development)
    <input name="account" value="${escapeHtml(account)}" autocomplete="off" required>
  </label>
  <button autofocus>Sign in and allow</button>
</form>
</html>
`;
}

/** Text as it may stand in HTML, in an attribute too. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
