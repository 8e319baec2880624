import { formatDuration, systemClock, type Clock } from '@exprsn/core'
import type { Progress } from '../step.ts'

const width = 28
const redrawEvery = 80

/** Where a bar is drawn: the part of a terminal stream that it needs. */
export interface BarOutput {
  readonly isTTY?: boolean
  write(text: string): unknown
}

/**
 * A progress bar that redraws itself on a terminal and prints only its closing line elsewhere, so that a log file stays
 * readable.
 */
export function progressBar(label: string, unit: string, output: BarOutput, clock: Clock = systemClock): Progress {
  const startedAt = clock.monotonic()
  let drawnAt = -Infinity
  return {
    update(done, total) {
      const now = clock.monotonic()
      if (!output.isTTY || now - drawnAt < redrawEvery) return
      drawnAt = now
      output.write(
        `\r\x1b[2K    ${label} ${bar(done, total)} ${amount(done, unit)} · ${rate(done, now - startedAt, unit)}`,
      )
    },
    end(note) {
      if (output.isTTY) output.write('\r\x1b[2K')
      output.write(`    ${label}: ${note} in ${formatDuration(clock.monotonic() - startedAt)}\n`)
    },
  }
}

function bar(done: number, total: number | undefined): string {
  if (total === undefined || total <= 0) return '…'
  const filled = Math.round(Math.min(1, done / total) * width)
  return `${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${Math.floor(Math.min(1, done / total) * 100)} %`
}

function rate(done: number, elapsed: number, unit: string): string {
  return elapsed <= 0 ? '' : `${amount((done / elapsed) * 1_000, unit)}/s`
}

/** `12,400 rows`, or megabytes for a number of bytes. */
export function amount(value: number, unit: string): string {
  if (unit === 'bytes') return `${(value / 1e6).toFixed(1)} MB`
  return `${Math.round(value).toLocaleString('en')} ${unit}`
}
