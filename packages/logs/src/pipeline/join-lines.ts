import { milliseconds, systemClock, type Clock, type Duration, type Timer } from '@exprsn/core'

/** Options of {@link joinLines}. */
export interface JoinLinesOptions {
  /** Takes the joined lines. */
  readonly shipper: { write(line: string): unknown }
  /** Whether a line begins a new event; others go on with the one before. @default a line that does not begin with white space, `at `, `Caused by` or `}` */
  readonly begins?: ((line: string) => boolean) | undefined
  /** Lines of one event at most. @default 500 */
  readonly mostLines?: number | undefined
  /** An event without another line is over after this. @default '500ms' */
  readonly timeout?: Duration | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/** Takes lines one by one and gives events. */
export interface LineJoiner {
  write(line: string): void
  /** Ends the event that is open. */
  flush(): void
}

const goesOn = /^(?:\s|at |Caused by|\}|$)/

/**
 * Joins lines that belong together, such as the stack of an error that a program prints.
 *
 * @example
 * ```ts
 * import { createShipper, joinLines, memorySink } from '@exprsn/logs'
 *
 * const sink = memorySink()
 * const shipper = createShipper({ sinks: [sink], spool: './data/spool' })
 * const joiner = joinLines({ shipper })
 * for (const line of ['Error: broken', '    at main.js:1', 'next']) joiner.write(line)
 * joiner.flush()
 * await shipper.close()
 * console.log(sink.records.length) // 2
 * ```
 */
export function joinLines(options: JoinLinesOptions): LineJoiner {
  const { shipper, begins = (line) => !goesOn.test(line), mostLines = 500, clock = systemClock } = options
  const patience = milliseconds(options.timeout ?? '500ms')
  let open: string[] = []
  let timer: Timer | undefined

  function flush(): void {
    timer?.cancel()
    timer = undefined
    if (open.length === 0) return
    const event = open.join('\n')
    open = []
    shipper.write(event)
  }

  return {
    flush,
    write(line) {
      if (begins(line) || open.length >= mostLines) flush()
      open.push(line)
      timer?.cancel()
      timer = clock.setTimer(flush, patience, { background: true })
    },
  }
}
