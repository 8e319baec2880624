import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Webhook } from 'standardwebhooks'
import { createClient } from '../client/create-client.ts'
import { Secret } from '../config/secret.ts'
import type { Message, NotificationRecord } from './notification.ts'
import { messageOf } from './message-of.ts'
import { slackChannel } from './slack/slack-channel.ts'
import { slackPayload } from './slack/slack-payload.ts'
import { webhookChannel } from './webhook/webhook-channel.ts'

const secrets = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const clientOptions = { allow: { loopbackAddresses: true } }
const context = { signal: new AbortController().signal, attempt: 1 }

const record = (more: Partial<NotificationRecord> = {}): NotificationRecord => ({
  id: 'n1',
  title: 'Disk full',
  text: 'at 99 %',
  severity: 'warning',
  key: undefined,
  status: 'firing',
  group: 'Disks',
  link: undefined,
  labels: {},
  time: '2026-03-02T12:00:00.000Z',
  ...more,
})
const message: Message = messageOf('m-1', [record()])

interface Seen {
  readonly headers: IncomingMessage['headers']
  readonly url: string
  readonly body: string
}

let server: Server
let origin: string
let seen: Seen[]
let answer: { status: number; headers?: Record<string, string>; body?: string }

beforeEach(async () => {
  seen = []
  answer = { status: 200, body: 'ok' }
  server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      seen.push({ headers: request.headers, url: request.url!, body })
      response.writeHead(answer.status, answer.headers).end(answer.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

describe('webhookChannel', () => {
  it('posts what the reference library verifies, the same body and id in every attempt', async () => {
    const channel = webhookChannel({ url: `${origin}/hook`, secrets, clientOptions, headers: { 'x-tenant': 't1' } })
    expect(await channel.send(message, context)).toEqual({ response: 'ok' })
    await channel.send(message, { ...context, attempt: 2 })
    await channel.close!()
    const [first, second] = seen as [Seen, Seen]
    const headers = first.headers as Record<string, string>
    expect(new Webhook(secrets).verify(first.body, headers)).toMatchObject({
      type: 'notification',
      data: JSON.parse(JSON.stringify(message)) as Message,
    })
    expect(second.body).toBe(first.body)
    expect([headers['webhook-id'], second.headers['webhook-id'], headers['x-tenant']]).toEqual(['m-1', 'm-1', 't1'])
  })

  it.each([
    [410, 'CORE_NOTIFY_REFUSED', false],
    [400, 'CORE_NOTIFY_REFUSED', false],
    [302, 'CORE_NOTIFY_REFUSED', false],
    [503, 'CORE_NOTIFY_UNAVAILABLE', true],
    [429, 'CORE_NOTIFY_UNAVAILABLE', true],
  ])('is told by the status %i whether to try again', async (status, code, retryable) => {
    answer = { status, headers: { 'retry-after': '120', location: '/elsewhere' }, body: 'not now' }
    const channel = webhookChannel({ url: `${origin}/hook/SECRETTOKEN`, secrets, clientOptions })
    const failure = await channel.send(message, context).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code, retryable, details: { origin, status, retryAfterMs: 120_000 } })
    expect(JSON.stringify(failure)).not.toContain('SECRETTOKEN')
    expect(seen).toHaveLength(1)
    await channel.close!()
  })

  it('tells a receiver that is not there from one that may not be called', async () => {
    const closed = createServer().listen(0, '127.0.0.1')
    await once(closed, 'listening')
    const { port } = closed.address() as AddressInfo
    await new Promise((resolve) => closed.close(resolve))
    const gone = webhookChannel({ url: `http://127.0.0.1:${port}/x`, secrets, clientOptions })
    await expect(gone.send(message, context)).rejects.toMatchObject({ retryable: true })
    const guarded = webhookChannel({ url: `${origin}/hook`, secrets })
    await expect(guarded.send(message, context)).rejects.toMatchObject({ code: 'CORE_CLIENT_ADDRESS_REFUSED' })
    expect(seen).toHaveLength(0)
    await gone.close!()
    await guarded.close!()
  })

  it('gives up with its signal, and leaves a client of the host’s open', async () => {
    const client = createClient(clientOptions)
    const channel = webhookChannel({ url: new Secret(`${origin}/hook`), secrets, client })
    const reason = new Error('stop')
    await expect(channel.send(message, { signal: AbortSignal.abort(reason), attempt: 1 })).rejects.toBe(reason)
    await channel.close!()
    await channel.send(message, context)
    expect(seen).toHaveLength(1)
    await client.close()
  })

  it('refuses a secret or address that is none', () => {
    expect(() => webhookChannel({ url: origin, secrets: 'x' })).toThrow(
      expect.objectContaining({ code: 'CORE_NOTIFY_SECRET_INVALID' }),
    )
    for (const url of ['', 'file:///etc/passwd', 'hook'])
      expect(() => webhookChannel({ url, secrets })).toThrow(
        expect.objectContaining({ code: 'CORE_NOTIFY_OPTION_INVALID' }),
      )
  })
})

describe('slackChannel', () => {
  it('posts text and one attachment for each notification', async () => {
    const channel = slackChannel({ url: `${origin}/services/T0/B0/x`, clientOptions })
    const many = messageOf('m-2', [
      record({ link: 'https://x.test/1', labels: { host: 'db-1' } }),
      record({ title: 'b' }),
    ])
    await channel.send(many, context)
    await channel.close!()
    expect(JSON.parse(seen[0]!.body)).toMatchObject({
      text: '*[WARNING]* Disks (2 firing)',
      attachments: [
        {
          title: 'Disk full',
          title_link: 'https://x.test/1',
          text: 'at 99 %',
          fields: [{ title: 'host', value: 'db-1' }],
        },
        { title: 'b' },
      ],
    })
  })

  it('lets nobody call everybody or disguise a link', () => {
    const evil = record({ title: '<!channel> & <https://evil.test|bank>', text: '<@U1>', labels: { '<a>': '<b>' } })
    expect(JSON.stringify(slackPayload(messageOf('m', [evil])))).not.toMatch(/<|>/)
  })

  it('shows twenty and says how many more there are; what is resolved is green', () => {
    const list = Array.from({ length: 25 }, () => record({ status: 'resolved', text: 'x'.repeat(10_000) }))
    const payload = slackPayload(messageOf('m', list)) as {
      text: string
      attachments: { color: string; text: string }[]
    }
    expect(payload.text).toBe('*[RESOLVED]* Disks (25 resolved) – 5 more are not shown')
    expect(payload.attachments).toHaveLength(20)
    expect(payload.attachments[0]!.color).toBe('#2eb886')
    expect(JSON.stringify(payload).length).toBeLessThan(80_000)
  })
})

describe('messageOf', () => {
  it('is as severe as the worst, and resolved only when all are', () => {
    const mixed = messageOf('m', [
      record({ status: 'resolved' }),
      record({ severity: 'critical' }),
      record({ severity: 'info' }),
    ])
    expect(mixed).toMatchObject({ title: 'Disks (2 firing, 1 resolved)', severity: 'critical', status: 'firing' })
    expect(messageOf('m', [record({ status: 'resolved' })])).toMatchObject({ title: 'Disk full', status: 'resolved' })
  })
})
