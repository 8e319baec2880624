import { connect as connectTcp, type Socket } from 'node:net'
import { hostname } from 'node:os'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'
import { milliseconds, systemClock, type Clock, type Duration } from '@exprsn/core'
import type { LevelName } from '../record/level.ts'
import type { LogRecord } from '../record/log-record.ts'
import { encoded } from '../sink/encoded.ts'
import { sinkErrors } from '../sink/errors.ts'
import type { Sink } from '../sink/sink.ts'

/** Options of {@link syslogSink}. */
export interface SyslogSinkOptions {
  /** Name or address of the server. */
  readonly host: string
  /** @default 6514 with TLS (RFC 5425), else 514 */
  readonly port?: number | undefined
  /** TLS, with options of `tls.connect`; false for plain TCP. @default {} */
  readonly tls?: ConnectionOptions | false | undefined
  /** 0 to 23 (RFC 5424 §6.2.1). @default 16, local0 */
  readonly facility?: number | undefined
  /** @default 'app' */
  readonly appName?: string | undefined
  /** @default os.hostname() */
  readonly hostname?: string | undefined
  /** For the connection, and for a batch to leave it. @default '10s' */
  readonly timeout?: Duration | undefined
  /** How long the connection must stand after a batch. @default '50ms' */
  readonly settle?: Duration | undefined
  /** @default 'syslog' */
  readonly name?: string | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/** RFC 5424 §6.2.1. */
const severities: Readonly<Record<LevelName, number>> = { trace: 7, debug: 7, info: 6, warn: 4, error: 3, fatal: 2 }

/**
 * Sends lines to a syslog server (RFC 5424) over TLS or TCP, each behind its length (RFC 6587 §3.4.1). Syslog has no
 * answers: a batch counts as delivered when the connection has it and still stands after `settle`. One that breaks within
 * that time is sent again as a whole; what a server loses after it, nobody knows.
 *
 * @throws `LOGS_SINK_OPTION_INVALID`
 * @example
 * ```ts no-run
 * import { createShipper } from '@exprsn/logs'
 * import { syslogSink } from '@exprsn/logs/drivers/syslog'
 *
 * const sink = syslogSink({ host: 'logs.example.com', appName: 'shop' })
 * const shipper = createShipper({ sinks: [sink], spool: './data/spool' })
 * ```
 */
export function syslogSink(options: SyslogSinkOptions): Sink {
  const { host, tls = {}, name = 'syslog', facility = 16, appName = 'app', clock = systemClock } = options
  const { port = tls === false ? 514 : 6_514, timeout = '10s' } = options
  if (!(Number.isInteger(facility) && facility >= 0 && facility <= 23))
    throw sinkErrors.LOGS_SINK_OPTION_INVALID({ sink: name, option: 'facility', value: facility })
  const limit = milliseconds(timeout)
  const settleTime = milliseconds(options.settle ?? '50ms')
  const head = `${word(options.hostname ?? hostname(), 255)} ${word(appName, 48)} ${process.pid}`
  let socket: Socket | undefined

  function frame(record: LogRecord): Buffer {
    const severity = record.level === undefined ? 6 : severities[record.level]
    const at = new Date(record.time).toISOString()
    const message = Buffer.from(`<${facility * 8 + severity}>1 ${at} ${head} ${word(record.id, 32)} - ${record.text}`)
    return Buffer.concat([Buffer.from(`${message.length} `), message])
  }

  function connected(signal: AbortSignal): Promise<Socket> {
    return attempt(signal, (resolve, reject) => {
      const opened = tls === false ? connectTcp({ host, port }) : connectTls({ servername: host, ...tls, host, port })
      opened.unref()
      opened.once(tls === false ? 'connect' : 'secureConnect', () => resolve(opened))
      opened.on('error', reject)
      opened.on('close', () => {
        if (socket === opened) socket = undefined
        reject(new Error('the connection was closed'))
      })
      // Servers say nothing; reading is how the end of the connection is seen.
      opened.resume()
      return () => opened.destroy()
    })
  }

  /** Runs a step that may hang, with the time limit and the caller's signal. */
  function attempt<Value>(
    signal: AbortSignal,
    begin: (resolve: (value: Value) => void, reject: (error: Error) => void) => () => void,
  ): Promise<Value> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        timer.cancel()
        signal.removeEventListener('abort', onAbort)
        act()
      }
      const fail = (error: Error): void =>
        settle(() => reject(sinkErrors.LOGS_SINK_UNAVAILABLE({ sink: name, reason: error.message }, { cause: error })))
      const onAbort = (): void => {
        cancel()
        settle(() => reject(signal.reason as Error))
      }
      const timer = clock.setTimer(
        () => {
          cancel()
          fail(new Error(`nothing happened within ${limit} ms`))
        },
        limit,
        { background: true },
      )
      signal.addEventListener('abort', onAbort, { once: true })
      const cancel = begin((value) => settle(() => resolve(value)), fail)
    })
  }

  return {
    name,
    async send(batch, { signal }) {
      signal.throwIfAborted()
      const bytes = encoded(name, batch, (records) => Buffer.concat(records.map(frame)))
      const open = socket === undefined || socket.destroyed ? await connected(signal) : socket
      socket = open
      await attempt<void>(signal, (resolve, reject) => {
        const onClose = (): void => reject(new Error('the connection was closed'))
        const stood = (): void => {
          open.off('close', onClose)
          resolve()
        }
        open.once('close', onClose)
        open.write(bytes, (error) => {
          if (error) reject(error)
          else clock.setTimer(stood, settleTime, { background: true })
        })
        return () => open.destroy()
      })
    },
    async close() {
      const open = socket
      socket = undefined
      if (open === undefined || open.destroyed) return
      await new Promise<void>((resolve) => {
        open.once('close', () => resolve())
        open.end()
        clock.setTimer(() => open.destroy(), limit, { background: true })
      })
    },
  }
}

/** PRINTUSASCII without spaces, as the header wants it (RFC 5424 §6). */
function word(text: string, longest: number): string {
  return text.replaceAll(/[^\x21-\x7e]/g, '_').slice(-longest) || '-'
}
