import nodemailer from 'nodemailer'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createNotify } from '../notify/create-notify.ts'
import { messageOf } from '../notify/message-of.ts'
import type { NotificationRecord } from '../notify/notification.ts'
import { createSmtpSink, type SmtpSink } from '../testing/smtp/smtp-sink.ts'
import { nodemailerChannel, type MailTransporter, type NodemailerChannelOptions } from './nodemailer.ts'
import { loadNodemailer } from './nodemailer/load-nodemailer.ts'
import { mailFailure } from './nodemailer/mail-failure.ts'

const record: NotificationRecord = {
  id: 'n1',
  title: 'Größe überschritten\r\nBcc: all@example.com',
  text: '.\nZweite Zeile',
  severity: 'critical',
  key: undefined,
  status: 'firing',
  group: 'Disks',
  link: 'https://x.test/1',
  labels: { host: 'db-1' },
  time: '2026-03-02T12:00:00.000Z',
}
const message = messageOf('m-1', [record])
const context = { signal: new AbortController().signal, attempt: 1 }
const addresses = { from: 'Ops <ops@example.com>', to: ['a@example.com', 'b@example.com'] }

let sink: SmtpSink
let connection: object

beforeEach(async () => {
  sink = createSmtpSink()
  connection = { ...(await sink.start()), ignoreTLS: true }
})

afterEach(() => sink.close())

const channelTo = (options: Partial<NodemailerChannelOptions> = {}) =>
  nodemailerChannel({ ...addresses, connection: connection as Record<string, unknown>, ...options })

describe('nodemailerChannel', () => {
  it('sends through real SMTP, with a subject on one line and an id that stays', async () => {
    const channel = channelTo({ subjectPrefix: '[shop] ' })
    expect(await channel.send(message, context)).toEqual({ response: '250 Taken', refused: [] })
    await channel.send(message, { ...context, attempt: 2 })
    await channel.close!()
    const [first, second] = sink.mails
    expect(first!.to).toEqual(['a@example.com', 'b@example.com'])
    expect(first!.header('subject')).toBe('[shop] [CRITICAL] Größe überschritten Bcc: all@example.com')
    expect(first!.header('bcc')).toBeUndefined()
    expect(first!.header('message-id')).toBe('<m-1@example.com>')
    expect(second!.header('message-id')).toBe('<m-1@example.com>')
    expect(first!.header('auto-submitted')).toBe('auto-generated')
    expect(first!.body.replaceAll('\r\n', '\n')).toContain('.\nZweite Zeile\nhost: db-1\nhttps://x.test/1')
  })

  it('reports the recipients that were refused while others were not', async () => {
    sink.setFaults([{ at: 'recipient', recipient: 'b@example.com', kind: 'reply', code: 550 }])
    expect(await channelTo().send(message, context)).toMatchObject({ refused: ['b@example.com'] })
    expect(sink.mails).toHaveLength(1)
  })

  it.each([
    [{ at: 'mail', kind: 'reply', code: 451 }, 'CORE_NOTIFY_MAIL_DELAYED'],
    [{ at: 'recipient', kind: 'reply', code: 450 }, 'CORE_NOTIFY_MAIL_DELAYED'],
    [{ at: 'message', kind: 'reply', code: 452 }, 'CORE_NOTIFY_MAIL_DELAYED'],
    [{ at: 'message', kind: 'drop' }, 'CORE_NOTIFY_MAIL_DELAYED'],
    [{ at: 'connect', kind: 'drop' }, 'CORE_NOTIFY_MAIL_DELAYED'],
    [{ at: 'recipient', kind: 'reply', code: 550 }, 'CORE_NOTIFY_MAIL_FAILED'],
    [{ at: 'message', kind: 'reply', code: 554 }, 'CORE_NOTIFY_MAIL_FAILED'],
  ] as const)('tells by %j whether to try again', async (fault, code) => {
    sink.setFaults([fault])
    const retryable = code === 'CORE_NOTIFY_MAIL_DELAYED'
    await expect(channelTo().send(message, context)).rejects.toMatchObject({ code, retryable })
    expect(sink.mails).toHaveLength(0)
  })

  it('does not try a wrong password again, and shows it nowhere', async () => {
    await using locked = createSmtpSink({ auth: { user: 'ops', pass: 'right' } })
    const where = { ...(await locked.start()), ignoreTLS: true, auth: { user: 'ops', pass: 'hunter2secret' } }
    const failure = await channelTo({ connection: where })
      .send(message, context)
      .catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'CORE_NOTIFY_MAIL_FAILED', retryable: false })
    expect(JSON.stringify(failure)).not.toContain('hunter2secret')
  })

  it('delivers through createNotify although the server was down at first', async () => {
    sink.setFaults([{ at: 'connect', kind: 'drop', times: 2 }])
    await using notify = createNotify({ channels: { mail: channelTo() }, backoff: { initial: 0, jitter: 'none' } })
    const { id } = await notify.send({ title: 'Backup failed' })
    await notify.flush()
    await expect.poll(async () => (await notify.tick(), sink.mails.length)).toBe(1)
    expect(await notify.report(id)).toMatchObject([{ state: 'delivered', attempts: 3 }])
  })

  it('uses the transporter of the host and leaves it open', async () => {
    let closed = 0
    const own = nodemailer.createTransport(connection)
    const transporter: MailTransporter = { sendMail: (mail) => own.sendMail(mail), close: () => void closed++ }
    const channel = nodemailerChannel({ ...addresses, transporter })
    await channel.send(message, context)
    await channel.close!()
    expect([closed, sink.mails.length]).toEqual([0, 1])
  })

  it('says how to install what is missing, and tries anew when it is there', async () => {
    await expect(loadNodemailer(() => Promise.reject(new Error('no such module')))).rejects.toMatchObject({
      code: 'CORE_NOTIFY_DRIVER_MISSING',
      help: 'Run: npm i nodemailer',
    })
    const bare = { createTransport: nodemailer.createTransport }
    expect(await loadNodemailer(async () => bare)).toBe(bare)
    let calls = 0
    const module = {
      createTransport(settings: object) {
        if (calls++ === 0) throw Object.assign(new Error('bad'), { code: 'ECONFIG' })
        return nodemailer.createTransport(settings)
      },
    }
    const channel = channelTo({ nodemailer: module })
    await expect(channel.send(message, context)).rejects.toMatchObject({ code: 'CORE_NOTIFY_MAIL_FAILED' })
    await channel.send(message, context)
    expect(sink.mails).toHaveLength(1)
  })

  it('refuses addresses that are none, and an unclear connection', () => {
    for (const wrong of [
      { to: [] },
      { to: 'nobody' },
      { from: 'a@x\r\nBcc: b@x' },
      { connection: undefined },
      { transporter: nodemailer.createTransport({}) },
    ])
      expect(() => channelTo(wrong as Partial<NodemailerChannelOptions>)).toThrow(
        expect.objectContaining({ code: 'CORE_NOTIFY_OPTION_INVALID' }),
      )
  })

  it('gives other errors on as they are', async () => {
    expect(mailFailure('text')).toBe('text')
    const reason = new Error('stop')
    await expect(channelTo().send(message, { signal: AbortSignal.abort(reason), attempt: 1 })).rejects.toBe(reason)
  })
})
