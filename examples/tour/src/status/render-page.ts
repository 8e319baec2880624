import type { StepResult } from '../run-step.ts'

/** The page's style sheet: readable in light and dark, on a phone and on a desk. */
export const style = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
section { border: 1px solid #8884; border-radius: .5rem; padding: .5rem 1.25rem 1.25rem; margin: 1.5rem 0 }
h2 small { font-weight: normal; opacity: .7 }
.passed h2::before { content: '✔ '; color: #1a7f37 }
.failed h2::before { content: '✘ '; color: #cf222e }
th { text-align: left; font-weight: normal; opacity: .7; padding-right: 1.5rem; vertical-align: top }
img { width: 100%; height: auto; margin-top: 1rem }
`

/** What the tour did, as one HTML page without scripts. */
export function renderPage(results: readonly StepResult[]): string {
  const failed = results.filter(({ failure }) => failure !== undefined).length
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Exprsn tour</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<h1>Exprsn tour</h1>
<p>${results.length - failed} passed, ${failed} failed. The same as data: <a href="/status.json">status.json</a>.</p>
${results.map(renderStep).join('\n')}
</body>
</html>
`
}

function renderStep({ step, seconds, failure, outcome }: StepResult): string {
  const facts = (outcome?.facts ?? []).map(
    ({ label, value }) => `<tr><th>${escapeMarkup(label)}</th><td>${escapeMarkup(value)}</td></tr>`,
  )
  return `<section class="${failure === undefined ? 'passed' : 'failed'}">
<h2>${escapeMarkup(step.title)} <small>${seconds.toFixed(1)} s</small></h2>
${failure === undefined ? '' : `<p>${escapeMarkup(failure)}</p>`}
<table>${facts.join('')}</table>
${outcome?.picture === undefined ? '' : `<img src="/pictures/${step.name}.svg" alt="${escapeMarkup(step.title)}, drawn">`}
</section>`
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text made safe for HTML and SVG, in content and in quoted attributes. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]!)
}
