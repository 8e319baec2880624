import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { createTransport } from 'nodemailer'
import { afterEach, describe, expect, it } from 'vitest'
import type { SmtpFault } from './smtp-fault.ts'
import { createSmtpSink, type SmtpSink, type SmtpSinkOptions } from './smtp-sink.ts'

const open: SmtpSink[] = []
afterEach(async () => {
  for (const sink of open.splice(0)) await sink.close()
})

async function sinkAndPost(options: SmtpSinkOptions = {}, settings: object = {}) {
  const sink = createSmtpSink(options)
  open.push(sink)
  const where = await sink.start()
  const post = createTransport({ ...where, ignoreTLS: options.tls === undefined, ...settings })
  const mail = { from: 'a@example.com', to: 'b@example.com', subject: 'Grüße', text: 'Hallo\n.Punkt\n..\n' }
  return { sink, where, post, mail }
}

/** Speaks the lines one after another, each after the reply to the one before, and gives the replies. */
async function dialogue(where: { host: string; port: number }, lines: readonly string[]): Promise<string[]> {
  const socket = connect(where)
  const replies: string[] = []
  let text = ''
  let wake = (): void => {}
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
    wake()
  })
  socket.on('close', () => wake())
  const reply = async (): Promise<void> => {
    for (; !/^\d{3} .*\r\n/m.test(text);) {
      if (socket.readableEnded || socket.destroyed) return
      await new Promise<void>((resolve) => (wake = resolve))
    }
    replies.push(text.trimEnd())
    text = ''
  }
  await reply()
  for (const line of lines) {
    socket.write(line)
    await reply()
  }
  socket.destroy()
  return replies
}

describe('createSmtpSink', () => {
  it('takes what nodemailer sends, with its envelope, header and body', async () => {
    const { sink, post, mail } = await sinkAndPost()
    const info = await post.sendMail({ ...mail, to: ['b@example.com', 'c@example.com'] })
    expect(info.response).toBe('250 Taken')
    const [taken] = sink.mails
    expect(taken).toMatchObject({ from: 'a@example.com', to: ['b@example.com', 'c@example.com'], secure: false })
    expect(taken!.header('subject')).toBe('Grüße')
    expect(taken!.header('X-None')).toBeUndefined()
    expect(taken!.body.replaceAll('\r\n', '\n')).toBe('Hallo\n.Punkt\n..\n')
    sink.clear()
    expect(sink.mails).toHaveLength(0)
  })

  it('gives back any text that nodemailer encodes, of any length', async () => {
    const { sink, post, mail } = await sinkAndPost()
    const line = fc.string({ unit: fc.constantFrom('a', '.', '=', ' ', 'ü', '€', '\n', '_', '?'), maxLength: 200 })
    await fc.assert(
      fc.asyncProperty(line, line, async (text, subject) => {
        sink.clear()
        const plain = subject.replaceAll('\n', '')
        await post.sendMail({ ...mail, text, subject: plain })
        const [taken] = sink.mails
        // The transport ends the mail with a line break when it has none.
        expect(taken!.body.replaceAll('\r\n', '\n').replace(/\n$/, '')).toBe(text.replace(/\n$/, ''))
        expect((taken!.header('subject') ?? '').trim()).toBe(plain.trim())
      }),
      { numRuns: 200 },
    )
  })

  it.each(['PLAIN', 'LOGIN'])('lets in by AUTH %s who knows the password, and nobody else', async (authMethod) => {
    const auth = { user: 'ops', pass: 'geheim ü' }
    const { sink, post, mail, where } = await sinkAndPost({ auth }, { auth, authMethod })
    await post.sendMail(mail)
    expect(sink.mails[0]!.user).toBe('ops')
    const stranger = createTransport({ ...where, ignoreTLS: true, authMethod, auth: { ...auth, pass: 'x' } })
    await expect(stranger.sendMail(mail)).rejects.toMatchObject({ code: 'EAUTH', responseCode: 535 })
    const nobody = createTransport({ ...where, ignoreTLS: true })
    await expect(nobody.sendMail(mail)).rejects.toMatchObject({ responseCode: 530 })
    expect(sink.mails).toHaveLength(1)
  })

  it.each<[SmtpFault, object]>([
    [{ at: 'connect', kind: 'reply', code: 421 }, { responseCode: 421 }],
    [{ at: 'mail', kind: 'reply', code: 451 }, { responseCode: 451 }],
    [{ at: 'recipient', kind: 'reply', code: 550, text: 'No such user' }, { responseCode: 550 }],
    [{ at: 'data', kind: 'reply', code: 554 }, { responseCode: 554 }],
    [{ at: 'message', kind: 'reply', code: 452 }, { responseCode: 452 }],
    [{ at: 'connect', kind: 'drop' }, { code: expect.stringMatching(/ECONN|ESOCKET/) as string }],
    [{ at: 'hello', kind: 'drop' }, { code: expect.stringMatching(/ECONN|ESOCKET/) as string }],
    [{ at: 'data', kind: 'drop' }, { code: expect.stringMatching(/ECONN|ESOCKET/) as string }],
    [{ at: 'message', kind: 'drop' }, { code: expect.stringMatching(/ECONN|ESOCKET/) as string }],
  ])('fails as planned: %j', async (fault, failure) => {
    const { sink, post, mail } = await sinkAndPost({ faults: [{ ...fault, times: 1 }] })
    await expect(post.sendMail(mail)).rejects.toMatchObject(failure)
    expect(sink.mails).toHaveLength(0)
    expect(Object.values(sink.hits)).toEqual([1])
    await post.sendMail(mail)
    expect(sink.mails).toHaveLength(1)
  })

  it('takes a mail and never says so', async () => {
    const { sink, post, mail } = await sinkAndPost({ faults: [{ at: 'message', kind: 'lose-reply', times: 1 }] })
    await expect(post.sendMail(mail)).rejects.toThrow()
    expect(sink.mails).toHaveLength(1)
  })

  it('refuses one recipient and takes the others', async () => {
    const { sink, post, mail } = await sinkAndPost()
    sink.setFaults([{ at: 'recipient', recipient: 'c@example.com', kind: 'reply', code: 550 }])
    const info = await post.sendMail({ ...mail, to: ['b@example.com', 'c@example.com'] })
    expect(info.rejected).toEqual(['c@example.com'])
    expect(sink.mails[0]!.to).toEqual(['b@example.com'])
  })

  it('takes its time', async () => {
    const { post, mail } = await sinkAndPost(
      { faults: [{ at: 'connect', kind: 'delay', milliseconds: 60_000 }] },
      { greetingTimeout: 50 },
    )
    await expect(post.sendMail(mail)).rejects.toMatchObject({ code: 'ETIMEDOUT' })
  })

  it('holds a client to the order of the protocol', async () => {
    const { where, sink } = await sinkAndPost()
    const replies = await dialogue(where, [
      'MAIL FROM:<a@x>\r\n',
      'HELO me\r\n',
      'RCPT TO:<b@x>\r\n',
      'DATA\r\n',
      'MAIL a@x\r\n',
      'MAIL FROM:<>\r\n',
      'MAIL FROM:<a@x>\r\n',
      'RCPT TO:<>\r\n',
      'RSET\r\n',
      'NOOP\r\n',
      'VRFY b\r\n',
      'AUTH PLAIN x\r\n',
      'STARTTLS\r\n',
      'QUIT\r\n',
    ])
    const codes = replies.map((reply) => Number(reply.slice(0, 3)))
    expect(codes).toEqual([220, 503, 250, 503, 503, 501, 250, 503, 501, 250, 250, 502, 502, 502, 221])
    expect(sink.mails).toHaveLength(0)
  })

  it('takes commands sent at once, an empty mail, and dots at the beginning of lines', async () => {
    const { where, sink } = await sinkAndPost()
    const begin = 'EHLO me\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nDATA\r\n'
    await dialogue(where, [`${begin}.\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nDATA\r\n..\r\n...x\r\n.\r\nNOOP\r\n`])
    await expect.poll(() => sink.mails.map(({ raw }) => raw)).toEqual(['', '.\r\n..x\r\n'])
  })

  it('refuses mails and lines beyond its limits, and goes on', async () => {
    const { sink, post, mail, where } = await sinkAndPost({ maxBytes: 1_000 })
    await expect(post.sendMail({ ...mail, text: 'x'.repeat(5_000) })).rejects.toMatchObject({ responseCode: 552 })
    const large = `${'x'.repeat(500)}\r\n`.repeat(20)
    const replies = await dialogue(where, [
      `${'x'.repeat(10_000)}`,
      '\r\n',
      'EHLO me\r\n',
      'MAIL FROM:<a@x>\r\n',
      'MAIL FROM:<a@x> SIZE=2000\r\n',
      'RCPT TO:<b@x>\r\n',
      'DATA\r\n',
      `${large}.\r\n`,
    ])
    expect(replies[1]).toContain('500')
    expect(replies.at(-1)).toBe('552 Too large')
    expect(sink.mails).toHaveLength(0)
  })

  it('refuses faults that make no sense, and to start after its end', async () => {
    const faults: SmtpFault[] = [
      { at: 'nowhere' as 'data', kind: 'drop' },
      { at: 'data', kind: 'reply', code: 250 },
      { at: 'data', kind: 'reply', code: 550, text: 'a\r\nb' },
      { at: 'data', kind: 'delay', milliseconds: -1 },
      { at: 'data', kind: 'drop', times: 0 },
    ]
    for (const fault of faults)
      expect(() => createSmtpSink({ faults: [fault] })).toThrow(
        expect.objectContaining({ code: 'CORE_TESTING_SMTP_FAULT' }),
      )
    const sink = createSmtpSink()
    await sink.close()
    await expect(sink.start()).rejects.toMatchObject({ code: 'CORE_TESTING_SMTP_CLOSED' })
  })

  const certificate = selfSigned()

  // Node can read certificates but not make them: without the openssl program there is none to test with.
  it.skipIf(certificate === undefined)('speaks TLS when asked to, and forgets what was said before', async () => {
    const auth = { user: 'ops', pass: 'x' }
    const { sink, post, mail, where } = await sinkAndPost(
      { tls: certificate, auth },
      { requireTLS: true, auth, tls: { rejectUnauthorized: false } },
    )
    await post.sendMail(mail)
    expect(sink.mails[0]).toMatchObject({ secure: true, user: 'ops' })
    const replies = await dialogue(where, ['EHLO me\r\n', 'STARTTLS\r\nMAIL FROM:<injected@x>\r\n'])
    expect(replies[1]).toContain('STARTTLS')
    expect(replies.slice(2)).toEqual(['220 Go ahead'])
    expect(sink.mails).toHaveLength(1)
  })
})

function selfSigned(): { key: string; cert: string } | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'exprsn-smtp-'))
  const at = (name: string): string => join(folder, name)
  try {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', at('key.pem')]
    execFileSync('openssl', ['req', '-x509', ...key, '-out', at('cert.pem'), '-days', '2', '-subj', '/CN=sink.test'], {
      stdio: 'ignore',
    })
    return { key: readFileSync(at('key.pem'), 'utf8'), cert: readFileSync(at('cert.pem'), 'utf8') }
  } catch {
    return undefined
  } finally {
    rmSync(folder, { recursive: true })
  }
}
