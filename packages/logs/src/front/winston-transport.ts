import { Writable } from 'node:stream'

/** Options of {@link winstonTransport}. */
export interface WinstonTransportOptions {
  /** Takes the lines. */
  readonly shipper: { write(line: string): unknown }
  /** Lines below it are left out; winston reads it. @default the logger's */
  readonly level?: string | undefined
}

/** Where winston keeps a line that its formats have finished (the package triple-beam). */
const finished = Symbol.for('message')
const levelSymbol = Symbol.for('level')

/**
 * A transport for winston 3: `createLogger({ transports: [winstonTransport({ shipper })] })`. Lines that the logger's
 * formats have made JSON are taken as they are, anything else is made JSON, with the time when it has none.
 *
 * @example
 * ```ts no-run
 * import { createShipper, memorySink, winstonTransport } from '@exprsn/logs'
 * import winston from 'winston'
 *
 * const shipper = createShipper({ sinks: [memorySink()], spool: './data/spool' })
 * const logger = winston.createLogger({ transports: [winstonTransport({ shipper })] })
 * logger.info('paid', { order: 'A-1001' })
 * ```
 */
export function winstonTransport({ shipper, level }: WinstonTransportOptions): Writable {
  let logger: WinstonLogger | undefined
  const isWanted = (info: WinstonInfo): boolean => {
    const least = level ?? logger?.level
    const levels = logger?.levels
    const own = info[levelSymbol]
    return least === undefined || levels === undefined || typeof own !== 'string' || levels[own]! <= levels[least]!
  }
  const take = (info: WinstonInfo): void => {
    if (isWanted(info)) shipper.write(`${lineOf(info)}\n`)
  }
  const stream = new Writable({
    objectMode: true,
    write(info: WinstonInfo, _encoding, done) {
      take(info)
      done()
    },
  })
  stream.on('pipe', (source) => {
    logger = source as unknown as WinstonLogger
  })
  // By a method of two parameters winston knows a transport of its third generation.
  const log = (info: WinstonInfo, done: () => void): void => {
    take(info)
    done()
  }
  return Object.assign(stream, { log, ...(level === undefined ? {} : { level }) })
}

type WinstonInfo = Readonly<Record<string | symbol, unknown>>

/** What a transport asks of its logger: the more severe a level, the smaller its number. */
interface WinstonLogger {
  readonly level?: string | undefined
  readonly levels?: Readonly<Record<string, number>> | undefined
}

function lineOf(info: WinstonInfo): string {
  const text = info[finished]
  if (typeof text === 'string' && text.startsWith('{') && text.endsWith('}')) return text
  const { message, level, ...fields } = info
  try {
    return JSON.stringify({ level: info[levelSymbol] ?? level, msg: message, ...fields })
  } catch {
    return JSON.stringify({ level: String(level), msg: String(message), unserializable: true })
  }
}
