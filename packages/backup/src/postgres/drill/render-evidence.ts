import type { DrillCheck, DrillEvidence, DrillTrend } from './evidence.ts'

/**
 * The report of a drill as one page of HTML without scripts or outside resources: what was restored, how long it took,
 * what was checked, and how earlier drills went.
 *
 * @example
 * ```ts
 * import { renderDrillEvidence, type DrillEvidence } from '@exprsn/backup'
 *
 * const evidence: DrillEvidence = {
 *   ...{ format: 1, source: 'db', time: '2026-11-20T10:00:00.000Z', ok: true, target: 'the latest point', bytes: 1e9 },
 *   ...{ recoverySeconds: 42, restoreSeconds: 30, replaySeconds: 12, bytesInTwoHours: 1.7e11, checks: [], trend: [] },
 * }
 * console.log(renderDrillEvidence(evidence).includes('42.0 s')) // true
 * ```
 */
export function renderDrillEvidence(evidence: DrillEvidence): string {
  const { source, time, ok, failure, target, snapshot, server, bytes, lossSeconds, lastCommit, checks } = evidence
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Asked for', target],
    ['Base backup', snapshot],
    ['Server', server && `PostgreSQL ${server}`],
    ['Restored', `${megabytes(bytes)} in ${seconds(evidence.restoreSeconds)}`],
    ['Replayed in', seconds(evidence.replaySeconds)],
    ['Recovery time', seconds(evidence.recoverySeconds)],
    ['Last commit', lastCommit],
    ['At most lost', lossSeconds === undefined ? undefined : seconds(lossSeconds)],
    ['Fits into two hours', evidence.bytesInTwoHours === 0 ? undefined : megabytes(evidence.bytesInTwoHours)],
    ['Failure', failure],
  ]
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Restore drill of ${text(source)}, ${text(time)}</title>
<style>${style}</style>
<h1>Restore drill of ${text(source)}</h1>
<p><b class="${ok ? 'good' : 'bad'}">${ok ? 'Passed' : 'Failed'}</b> <time>${text(time)}</time></p>
<table>${facts.map(([name, value]) => (value === undefined ? '' : row([name, value]))).join('')}</table>
<h2>Checks</h2>
<table>${checks.map(checkRow).join('')}</table>
<h2>Recovery time of earlier drills</h2>
${drawTrend([...evidence.trend, evidence])}
</html>
`
}

const style =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c2733}' +
  'table{border-collapse:collapse;width:100%}td{padding:.3rem .6rem;border-bottom:1px solid #dde3ea;vertical-align:top}' +
  'td:first-child{white-space:nowrap;color:#52606d}.good{color:#12703a}.bad{color:#b3261e}svg{width:100%;height:8rem}'

function checkRow({ name, ok, detail, seconds: took }: DrillCheck): string {
  const mark = `<b class="${ok ? 'good' : 'bad'}">${ok ? 'passed' : 'failed'}</b>`
  return `<tr><td>${mark}</td><td>${text(name)}</td><td>${text(detail)}</td><td>${seconds(took)}</td></tr>`
}

function row(cells: readonly string[]): string {
  return `<tr>${cells.map((cell) => `<td>${text(cell)}</td>`).join('')}</tr>`
}

/** One bar per drill, the newest on the right. */
function drawTrend(drills: readonly DrillTrend[]): string {
  const slowest = Math.max(...drills.map(({ recoverySeconds }) => recoverySeconds), 0.001)
  const bars = drills.map(({ recoverySeconds, ok, time }, index) => {
    const height = Math.max(1, (recoverySeconds / slowest) * 90)
    const title = `<title>${text(time)}: ${seconds(recoverySeconds)}, ${ok ? 'passed' : 'failed'}</title>`
    return `<rect x="${index * 12}" y="${100 - height}" width="10" height="${height}" fill="${ok ? '#2f9e5f' : '#b3261e'}">${title}</rect>`
  })
  return `<svg viewBox="0 0 ${drills.length * 12} 100" preserveAspectRatio="xMinYMax" role="img">${bars.join('')}</svg>`
}

const seconds = (value: number): string => `${value.toFixed(1)} s`
const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6).toLocaleString('en')} MB`

function text(value: string): string {
  return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
