export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

/** A string between single quotes, as the site's scripts hold them; `<` must not end the script. */
export function quoteScript(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')
  return `'${escaped.replaceAll('<', '\\x3C')}'`
}

/** JSON inside a script. */
export function jsonScript(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003C')
}

export function slugOf(text: string): string {
  return encodeURIComponent(text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '-'))
}

/** Title and heading are plain text; the content is markup. */
export function layout(title: string, content: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="demonstration" content="true">
<meta name="robots" content="noindex">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} (demonstration)</title>
<style>
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem}
.demonstration{background:#fff3c4;border:1px solid #b58900;padding:.5rem 1rem}
.inactive{color:#767676;text-decoration:none}
#sub-navigation ul{display:flex;gap:1rem;list-style:none;padding:0}
table{border-collapse:collapse}td,th{padding:.2rem .6rem;text-align:left}
</style>
</head>
<body>
<p class="demonstration" role="note">This is a demonstration site. The clubs exist; players, fixtures and results are invented.</p>
<h1>${escapeHtml(title)}</h1>
${content}
</body>
</html>
`
}
