/**
 * Notifications by e-mail, through the optional peer `nodemailer`.
 *
 * @packageDocumentation
 */
import type { Channel } from '../notify/channel.ts'
import { notifyErrors } from '../notify/errors.ts'
import { loadNodemailer } from './nodemailer/load-nodemailer.ts'
import { mailFailure } from './nodemailer/mail-failure.ts'
import { mailOf } from './nodemailer/mail-of.ts'
import type { MailTransporter, NodemailerModule } from './nodemailer/transporter.ts'

export type { Mail, MailTransporter, NodemailerModule, SentMail } from './nodemailer/transporter.ts'

/** Options of {@link nodemailerChannel}: one of `transporter` and `connection`. */
export interface NodemailerChannelOptions {
  /** The sender: `'ops@example.com'` or `'Ops <ops@example.com>'`. */
  readonly from: string
  /** Recipients, each an address or a name with one. */
  readonly to: string | readonly string[]
  /** The host's own transporter, of any kind that nodemailer has; it is never closed. */
  readonly transporter?: MailTransporter | undefined
  /**
   * Where to connect: an `smtps://user:password@host` URL, or nodemailer's settings. Waits longer than nodemailer's own
   * time limits (two minutes to connect) are cut at 20 seconds unless the settings say otherwise.
   */
  readonly connection?: string | Readonly<Record<string, unknown>> | undefined
  /** Put before subjects, such as `'[shop] '`. @default '' */
  readonly subjectPrefix?: string | undefined
  /** The host's own copy of the package. @default loaded on first use */
  readonly nodemailer?: NodemailerModule | undefined
}

/**
 * A channel for `createNotify` that sends mail in plain text. A message keeps its `Message-ID` in every attempt, so
 * that mailboxes can recognise a repetition; recipients that the server refuses while it takes others are reported, not
 * tried again. Faults that may pass (4xx, no connection) are retried, others (5xx, a wrong password) are not.
 *
 * @throws `CORE_NOTIFY_OPTION_INVALID`; `CORE_NOTIFY_DRIVER_MISSING` on first use when `nodemailer` is not installed
 * @example
 * ```ts no-run
 * import { nodemailerChannel } from '@exprsn/core/drivers/nodemailer'
 * import { createNotify } from '@exprsn/core/notify'
 *
 * const mail = nodemailerChannel({
 *   connection: 'smtps://ops:password@mail.example.com',
 *   from: 'ops@example.com',
 *   to: ['on-call@example.com'],
 * })
 * await using notify = createNotify({ channels: { mail } })
 * notify.start()
 * await notify.send({ title: 'The nightly backup failed', severity: 'critical', key: 'backup' })
 * ```
 */
export function nodemailerChannel(options: NodemailerChannelOptions): Channel {
  const { from, transporter, connection, subjectPrefix = '', nodemailer } = options
  const to = typeof options.to === 'string' ? [options.to] : options.to
  checkOptions(options, to)
  let opening: Promise<MailTransporter> | undefined

  async function open(): Promise<MailTransporter> {
    if (transporter !== undefined) return transporter
    const module = nodemailer ?? (await loadNodemailer())
    const limits = { connectionTimeout: 20_000, greetingTimeout: 20_000, socketTimeout: 20_000 }
    return module.createTransport(
      typeof connection === 'string' ? { ...limits, url: connection } : { ...limits, ...connection },
    )
  }

  return {
    kind: 'mail',
    async send(message, { signal }) {
      signal.throwIfAborted()
      try {
        // One that could not be made must not stand in the way of the next attempt.
        opening ??= open().catch((error: unknown) => {
          opening = undefined
          throw error
        })
        const sent = await (await opening).sendMail(mailOf(message, { from, to, subjectPrefix }))
        return { response: sent.response, refused: sent.rejected?.map(addressOf) }
      } catch (error) {
        throw mailFailure(error)
      }
    },
    async close() {
      if (transporter === undefined) (await opening?.catch(() => undefined))?.close?.()
    },
  }
}

function addressOf(entry: unknown): string {
  return typeof entry === 'string' ? entry : String((entry as { address?: unknown } | null)?.address)
}

function checkOptions(options: NodemailerChannelOptions, to: readonly string[]): void {
  const refuse = (option: string, reason: string): never => {
    throw notifyErrors.CORE_NOTIFY_OPTION_INVALID({ option, reason })
  }
  if ((options.transporter === undefined) === (options.connection === undefined))
    refuse('connection', 'pass either transporter or connection')
  if (to.length === 0) refuse('to', 'there is no recipient')
  for (const [option, address] of [['from', options.from] as const, ...to.map((each) => ['to', each] as const)])
    if (typeof address !== 'string' || !/^[^\r\n@]*@[^\r\n@]+$/.test(address)) refuse(option, 'it is not an address')
}
