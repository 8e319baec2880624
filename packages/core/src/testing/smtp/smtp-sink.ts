import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { Clock } from '../../clock/clock.ts'
import { systemClock } from '../../clock/system-clock.ts'
import { testingErrors } from '../errors.ts'
import type { ReceivedMail } from './received-mail.ts'
import { SmtpFaultPlan, type SmtpFault } from './smtp-fault.ts'
import { SmtpSession } from './smtp-session.ts'

/** Options of {@link createSmtpSink}. */
export interface SmtpSinkOptions {
  /** Who may send. @default everybody, and logging in is not offered */
  readonly auth?: { readonly user: string; readonly pass: string } | undefined
  /** Key and certificate in PEM: STARTTLS is then offered. @default none */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined
  /** What goes wrong. `setFaults` changes it. @default [] */
  readonly faults?: readonly SmtpFault[] | undefined
  /** The largest mail. @default 10 MiB */
  readonly maxBytes?: number | undefined
  /** How the server calls itself. @default 'sink.test' */
  readonly hostname?: string | undefined
  /** What delays wait on. @default systemClock */
  readonly clock?: Clock | undefined
}

/** A mail server that keeps what it is sent. */
export interface SmtpSink extends AsyncDisposable {
  /** Begins to listen on a free port of 127.0.0.1. Calling it again gives the same. */
  start(): Promise<{ readonly host: string; readonly port: number }>
  /** What it took, in the order of arrival. */
  readonly mails: readonly ReceivedMail[]
  /** Connections so far. */
  readonly connections: number
  /** How often faults happened: `{ 'reply/recipient': 2 }`. */
  readonly hits: Readonly<Record<string, number>>
  /** Faults from now on. @throws `CORE_TESTING_SMTP_FAULT` */
  setFaults(faults: readonly SmtpFault[]): void
  /** Forgets the mails. */
  clear(): void
  /** Stops listening and cuts what is open. */
  close(): Promise<void>
}

/**
 * A mail server for tests: it speaks SMTP over TCP as a real one does, with logging in and STARTTLS, keeps every mail in
 * memory and sends none. It can refuse, stall, or cut the connection at any stage, also after it has taken a mail and
 * before it says so.
 *
 * @throws `CORE_TESTING_SMTP_FAULT`
 * @example
 * ```ts
 * import { createSmtpSink } from '@exprsn/core/testing'
 *
 * await using sink = createSmtpSink({ faults: [{ at: 'recipient', kind: 'reply', code: 451, times: 1 }] })
 * const { host, port } = await sink.start() // send mail there
 * console.log(host, port > 0, sink.mails.length) // 127.0.0.1 true 0
 * ```
 */
export function createSmtpSink(options: SmtpSinkOptions = {}): SmtpSink {
  const { auth, tls, maxBytes = 10 * 2 ** 20, hostname = 'sink.test', clock = systemClock } = options
  const faults = new SmtpFaultPlan()
  faults.set(options.faults ?? [])
  const sockets = new Set<Socket>()
  const mails: ReceivedMail[] = []
  let connections = 0
  let server: Server | undefined
  let starting: Promise<{ host: string; port: number }> | undefined
  let closed = false

  const accept = (socket: Socket): void => {
    connections++
    sockets.add(socket)
    socket.setNoDelay()
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    const onMail = (mail: ReceivedMail): void => void mails.push(mail)
    const session = new SmtpSession(socket, { hostname, auth, tls, maxBytes, faults, clock, onMail })
    void session.run().catch(() => socket.destroy())
  }
  const close = async (): Promise<void> => {
    closed = true
    await starting?.catch(() => undefined)
    const listening = server
    server = undefined
    if (listening === undefined) return
    await new Promise<void>((resolve) => {
      listening.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    })
  }
  return {
    async start() {
      if (closed) throw testingErrors.CORE_TESTING_SMTP_CLOSED()
      return (starting ??= new Promise((resolve, reject) => {
        server = createServer(accept)
        server.once('error', reject)
        server.listen(0, '127.0.0.1', () => {
          const { address, port } = server!.address() as AddressInfo
          resolve({ host: address, port })
        })
      }))
    },
    mails,
    get connections() {
      return connections
    },
    get hits() {
      return { ...faults.hits }
    },
    setFaults: (next) => faults.set(next),
    clear: () => void mails.splice(0),
    close,
    [Symbol.asyncDispose]: close,
  }
}
