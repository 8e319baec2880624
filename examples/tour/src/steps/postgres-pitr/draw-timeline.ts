import { escapeMarkup } from '../../status/render-page.ts'

/** What happened, in seconds since the first write. */
export interface Timeline {
  /** When each event was acknowledged by the source, ascending. */
  readonly written: readonly number[]
  /** How many of them the restored cluster has. */
  readonly restored: number
  readonly backup: { readonly from: number; readonly to: number }
  readonly target: number
  readonly dropped: number
}

const size = { width: 960, height: 320, left: 70, right: 20, top: 30, bottom: 45 }

/** The run as a picture: events on the source, what came back, the backup's span, the target and the mistake. */
export function drawTimeline({ written, restored, backup, target, dropped }: Timeline): string {
  const end = Math.max(written.at(-1) ?? 0, dropped, backup.to, 0.001)
  const x = (seconds: number): number => size.left + (seconds / end) * (size.width - size.left - size.right)
  const y = (count: number): number =>
    size.height - size.bottom - (count / Math.max(1, written.length)) * (size.height - size.top - size.bottom)
  const floor = y(0)
  const curve = (count: number): string => points(written.slice(0, count), x, y)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" font-family="system-ui, sans-serif" font-size="13">
<rect width="100%" height="100%" fill="#fff"/>
<rect x="${x(backup.from)}" y="${size.top}" width="${x(backup.to) - x(backup.from)}" height="${floor - size.top}" fill="#0969da" opacity=".12"/>
${label(x(backup.from) + 4, size.top + 14, 'base backup', '#0969da')}
<polyline points="${curve(written.length)}" fill="none" stroke="#8c959f" stroke-width="2"/>
<polyline points="${curve(restored)}" fill="none" stroke="#1a7f37" stroke-width="4"/>
${label(x(target) - 8, y(restored) - 12, `restored: ${restored.toLocaleString('en')} events`, '#1a7f37', 'end')}
${mark(x(target), floor, 'target', '#1a7f37', 'end')}
${mark(x(dropped), floor, 'table dropped', '#cf222e', 'start')}
<line x1="${size.left}" y1="${floor}" x2="${size.width - size.right}" y2="${floor}" stroke="#424a53"/>
${label(size.left - 8, floor, '0', '#424a53', 'end')}
${label(size.left - 8, y(written.length) + 4, written.length.toLocaleString('en'), '#424a53', 'end')}
${label(size.width - size.right, size.height - 8, `${end.toFixed(1)} s`, '#424a53', 'end')}
${label(size.left, size.height - 8, 'events written by the application, over time', '#424a53')}
</svg>`
}

/** A few hundred points are as good as all of them on a picture of this size. */
function points(times: readonly number[], x: (seconds: number) => number, y: (count: number) => number): string {
  const stride = Math.max(1, Math.floor(times.length / 400))
  return times
    .flatMap((seconds, index) =>
      index % stride === 0 || index === times.length - 1 ? [`${x(seconds).toFixed(1)},${y(index + 1).toFixed(1)}`] : [],
    )
    .join(' ')
}

type Anchor = 'start' | 'end'

function mark(at: number, floor: number, text: string, colour: string, anchor: Anchor): string {
  return `<line x1="${at}" y1="${size.top - 8}" x2="${at}" y2="${floor}" stroke="${colour}" stroke-dasharray="4 3"/>
${label(at + (anchor === 'end' ? -4 : 4), size.top - 12, text, colour, anchor)}`
}

function label(x: number, y: number, text: string, colour: string, anchor: Anchor = 'start'): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" fill="${colour}" text-anchor="${anchor}">${escapeMarkup(text)}</text>`
}
