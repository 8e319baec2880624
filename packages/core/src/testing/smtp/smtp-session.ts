import type { Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import type { Clock } from '../../clock/clock.ts'
import { sleep } from '../../clock/sleep.ts'
import { receivedMail, type ReceivedMail } from './received-mail.ts'
import type { SmtpFaultPlan, SmtpStage } from './smtp-fault.ts'
import { SmtpReader } from './smtp-reader.ts'

/** What the sessions of a sink share. */
export interface SmtpSessionOptions {
  readonly hostname: string
  readonly auth: { readonly user: string; readonly pass: string } | undefined
  readonly tls: { readonly key: string; readonly cert: string } | undefined
  readonly maxBytes: number
  readonly faults: SmtpFaultPlan
  readonly clock: Clock
  readonly onMail: (mail: ReceivedMail) => void
}

/** Ends the session: the client is gone, or a fault wants it. */
const hangUp = Symbol('hang up')
type Step = typeof hangUp | undefined

/** The server's side of one connection (RFC 5321; AUTH by RFC 4954, STARTTLS by RFC 3207). */
export class SmtpSession {
  readonly #options: SmtpSessionOptions
  #stream: Socket
  #reader: SmtpReader
  #secure = false
  #greeted = false
  #user: string | undefined
  #from: string | undefined
  #to: string[] = []
  /** Set once a reply shall be lost; the session ends right after. */
  #mute = false

  constructor(socket: Socket, options: SmtpSessionOptions) {
    this.#options = options
    this.#stream = socket
    this.#reader = new SmtpReader(socket)
  }

  /** Speaks with the client until one of them ends it. Never rejects. */
  async run(): Promise<void> {
    try {
      let step: Step = await this.#at('connect', () => this.#say(220, `${this.#options.hostname} ESMTP sink`))
      while (step !== hangUp) {
        const line = await this.#reader.line()
        if (line === undefined) break
        step = line.tooLong ? this.#say(500, 'Line too long') : await this.#command(line.text)
      }
    } finally {
      this.#stream.destroy()
    }
  }

  #command(line: string): Promise<Step> | Step {
    const [verb = '', ...rest] = line.split(' ')
    const argument = rest.join(' ').trim()
    switch (verb.toUpperCase()) {
      case 'EHLO':
        return this.#at('hello', () => this.#hello(true))
      case 'HELO':
        return this.#at('hello', () => this.#hello(false))
      case 'STARTTLS':
        return this.#at('starttls', () => this.#startTls())
      case 'AUTH':
        return this.#at('auth', () => this.#logIn(argument))
      case 'MAIL':
        return this.#at('mail', () => this.#mail(argument))
      case 'RCPT':
        return this.#at('recipient', () => this.#recipient(argument), addressIn(argument, 'TO'))
      case 'DATA':
        return this.#at('data', () => this.#data())
      case 'RSET':
        this.#reset()
        return this.#say(250, 'OK')
      case 'NOOP':
        return this.#say(250, 'OK')
      case 'QUIT':
        this.#say(221, 'Bye')
        this.#stream.end()
        return hangUp
      default:
        return this.#say(502, 'Command not implemented')
    }
  }

  /** Does a step of the dialogue, with the faults that are planned for it. */
  async #at(stage: SmtpStage, work: () => Promise<Step> | Step, recipient?: string): Promise<Step> {
    let lost = false
    for (const fault of this.#options.faults.take(stage, recipient)) {
      if (fault.kind === 'delay') await sleep(fault.milliseconds, { clock: this.#options.clock, background: true })
      else if (fault.kind === 'drop') return hangUp
      else if (fault.kind === 'lose-reply') lost = true
      else {
        if (stage === 'message') this.#reset()
        return this.#say(fault.code, fault.text ?? 'Planned fault')
      }
    }
    if (!lost) return work()
    this.#mute = true
    await work()
    return hangUp
  }

  #say(code: number, ...lines: readonly string[]): undefined {
    if (this.#mute || this.#stream.destroyed) return undefined
    const text = lines.map((line, index) => `${code}${index < lines.length - 1 ? '-' : ' '}${line}\r\n`)
    this.#stream.write(text.join(''))
    return undefined
  }

  #hello(extended: boolean): Step {
    const { hostname, auth, tls, maxBytes } = this.#options
    this.#greeted = true
    this.#reset()
    if (!extended) return this.#say(250, hostname)
    const offers = ['PIPELINING', '8BITMIME', 'SMTPUTF8', `SIZE ${maxBytes}`]
    if (auth !== undefined) offers.push('AUTH PLAIN LOGIN')
    if (tls !== undefined && !this.#secure) offers.push('STARTTLS')
    return this.#say(250, hostname, ...offers)
  }

  /** Everything said before TLS is forgotten (RFC 3207 §4.2), also commands that were sent along with STARTTLS. */
  async #startTls(): Promise<Step> {
    const { tls } = this.#options
    if (tls === undefined || this.#secure) return this.#say(502, 'Not offered')
    this.#reader.detach()
    this.#say(220, 'Go ahead')
    const secured = new TLSSocket(this.#stream, { isServer: true, secureContext: createSecureContext(tls) })
    this.#stream = secured
    this.#reader = new SmtpReader(secured)
    this.#secure = true
    this.#greeted = false
    this.#user = undefined
    this.#reset()
    return undefined
  }

  async #logIn(argument: string): Promise<Step> {
    const { auth } = this.#options
    if (auth === undefined) return this.#say(502, 'Not offered')
    if (this.#user !== undefined) return this.#say(503, 'Already logged in')
    const [mechanism = '', initial] = argument.split(' ')
    const given = await this.#credentials(mechanism.toUpperCase(), initial)
    if (given === 'unknown') return this.#say(504, 'Unknown mechanism')
    if (given === undefined) return hangUp
    const [user, pass] = given
    if (user !== auth.user || pass !== auth.pass) return this.#say(535, 'Authentication failed')
    this.#user = user
    return this.#say(235, 'Welcome')
  }

  async #credentials(
    mechanism: string,
    initial: string | undefined,
  ): Promise<readonly [string, string] | 'unknown' | undefined> {
    const decode = (text: string): string => Buffer.from(text, 'base64').toString('utf8')
    if (mechanism === 'PLAIN') {
      const answer = initial ?? (await this.#ask(''))
      if (answer === undefined) return undefined
      const [, user = '', pass = ''] = decode(answer).split('\0')
      return [user, pass]
    }
    if (mechanism !== 'LOGIN') return 'unknown'
    const user = initial ?? (await this.#ask('VXNlcm5hbWU6'))
    const pass = user === undefined ? undefined : await this.#ask('UGFzc3dvcmQ6')
    return user === undefined || pass === undefined ? undefined : [decode(user), decode(pass)]
  }

  async #ask(challenge: string): Promise<string | undefined> {
    this.#say(334, challenge)
    return (await this.#reader.line())?.text
  }

  #mail(argument: string): Step {
    const from = addressIn(argument, 'FROM')
    if (!this.#greeted) return this.#say(503, 'Say EHLO first')
    if (this.#options.auth !== undefined && this.#user === undefined) return this.#say(530, 'Log in first')
    if (this.#from !== undefined) return this.#say(503, 'A mail has begun already')
    if (from === undefined) return this.#say(501, 'Write MAIL FROM:<address>')
    const size = Number(/\bSIZE=(\d+)/i.exec(argument)?.[1] ?? 0)
    if (size > this.#options.maxBytes) return this.#say(552, 'Too large')
    this.#from = from
    return this.#say(250, 'OK')
  }

  #recipient(argument: string): Step {
    const to = addressIn(argument, 'TO')
    if (this.#from === undefined) return this.#say(503, 'Say MAIL first')
    if (to === undefined || to === '') return this.#say(501, 'Write RCPT TO:<address>')
    this.#to.push(to)
    return this.#say(250, 'OK')
  }

  async #data(): Promise<Step> {
    if (this.#to.length === 0) return this.#say(503, 'Say RCPT first')
    this.#say(354, 'End with a line of a single full stop')
    const mail = await this.#reader.mail(this.#options.maxBytes)
    if (mail === undefined) return hangUp
    return this.#at('message', () => {
      const envelope = { from: this.#from!, to: this.#to, user: this.#user, secure: this.#secure }
      this.#reset()
      if (mail.tooLarge) return this.#say(552, 'Too large')
      this.#options.onMail(receivedMail(envelope, mail.bytes))
      return this.#say(250, 'Taken')
    })
  }

  #reset(): void {
    this.#from = undefined
    this.#to = []
  }
}

/** The address of `FROM:<address>` or `TO:<address>`; parameters behind it are left aside. */
function addressIn(argument: string, keyword: 'FROM' | 'TO'): string | undefined {
  return new RegExp(`^${keyword}:\\s*<([^<>]*)>`, 'i').exec(argument)?.[1]
}
