import { format } from 'node:util'
import { systemClock, type Clock } from '@exprsn/core'

/** The part of a console that is captured. */
export type ConsoleLike = Record<'trace' | 'debug' | 'info' | 'log' | 'warn' | 'error', (...values: unknown[]) => void>

/** Options of {@link captureConsole}. */
export interface CaptureConsoleOptions {
  /** Takes the lines. */
  readonly shipper: { write(line: string): unknown }
  /** @default globalThis.console */
  readonly console?: ConsoleLike | undefined
  /** Whether the console goes on printing. @default true */
  readonly passThrough?: boolean | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/** pino's numbers. */
const levels = { trace: 10, debug: 20, info: 30, log: 30, warn: 40, error: 50 } as const

/**
 * Lets everything that is written to the console go through the shipper as well, as pino's lines. Returns what undoes it.
 *
 * @example
 * ```ts
 * import { captureConsole, createShipper, memorySink } from '@exprsn/logs'
 *
 * const sink = memorySink()
 * const shipper = createShipper({ sinks: [sink], spool: './data/spool' })
 * const release = captureConsole({ shipper, passThrough: false })
 * console.log('order %s', 'A-1001')
 * release()
 * await shipper.flush()
 * console.log(sink.records[0]?.fields.msg) // order A-1001
 * await shipper.close()
 * ```
 */
export function captureConsole(options: CaptureConsoleOptions): () => void {
  const { shipper, passThrough = true, clock = systemClock } = options
  const target = options.console ?? (globalThis.console as unknown as ConsoleLike)
  const originals = new Map<keyof ConsoleLike, (...values: unknown[]) => void>()
  let isWriting = false
  for (const [method, level] of Object.entries(levels) as [keyof ConsoleLike, number][]) {
    const original = target[method]
    originals.set(method, original)
    target[method] = (...values) => {
      if (passThrough) original.apply(target, values)
      // A sink or shipper that writes to the console must not feed itself.
      if (isWriting) return
      isWriting = true
      try {
        shipper.write(`${JSON.stringify({ level, time: clock.now(), msg: textOf(values) })}\n`)
      } finally {
        isWriting = false
      }
    }
  }
  return () => {
    for (const [method, original] of originals) target[method] = original
  }
}

/** What the console would print; a value whose getters throw costs its own text. */
function textOf(values: readonly unknown[]): string {
  try {
    return format(...values)
  } catch {
    return '[unprintable]'
  }
}
