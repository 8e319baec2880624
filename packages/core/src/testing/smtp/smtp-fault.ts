import { testingErrors } from '../errors.ts'

/** Where in the dialogue something happens; `message` is the moment after the last line of a mail. */
export type SmtpStage = 'connect' | 'hello' | 'starttls' | 'auth' | 'mail' | 'recipient' | 'data' | 'message'

/**
 * What goes wrong. `reply`: the server answers with this code (4xx: later perhaps, 5xx: never); `drop`: it cuts the
 * connection; `delay`: it takes its time; `lose-reply`: it does what was asked, then cuts the connection before it says so.
 */
export type SmtpFault = {
  readonly at: SmtpStage
  /** Only for this address, at `recipient`. @default every one */
  readonly recipient?: string | undefined
  /** How often; afterwards all is well. @default always */
  readonly times?: number | undefined
} & (
  | { readonly kind: 'reply'; readonly code: number; readonly text?: string | undefined }
  | { readonly kind: 'drop' }
  | { readonly kind: 'lose-reply' }
  | { readonly kind: 'delay'; readonly milliseconds: number }
)

const stages: readonly SmtpStage[] = ['connect', 'hello', 'starttls', 'auth', 'mail', 'recipient', 'data', 'message']

/** Faults with what is left of each. */
export class SmtpFaultPlan {
  readonly hits: Record<string, number> = {}
  #faults: { readonly fault: SmtpFault; left: number }[] = []

  /** @throws `CORE_TESTING_SMTP_FAULT` */
  set(faults: readonly SmtpFault[]): void {
    faults.forEach(check)
    this.#faults = faults.map((fault) => ({ fault, left: fault.times ?? Infinity }))
  }

  /** The faults that happen here and now, in the order of the plan; they count as having happened. */
  take(at: SmtpStage, recipient?: string): readonly SmtpFault[] {
    const found = this.#faults.filter(
      ({ fault, left }) =>
        left > 0 && fault.at === at && (fault.recipient === undefined || fault.recipient === recipient),
    )
    for (const each of found) {
      each.left--
      const name = `${each.fault.kind}/${at}`
      this.hits[name] = (this.hits[name] ?? 0) + 1
    }
    return found.map(({ fault }) => fault)
  }
}

function check(fault: SmtpFault): void {
  const refuse = (reason: string): never => {
    throw testingErrors.CORE_TESTING_SMTP_FAULT({ kind: fault.kind, reason })
  }
  if (!stages.includes(fault.at)) refuse(`there is no stage "${fault.at}"`)
  if (fault.times !== undefined && !(Number.isInteger(fault.times) && fault.times >= 1)) refuse('times is below 1')
  if (fault.kind === 'reply' && !(Number.isInteger(fault.code) && fault.code >= 400 && fault.code <= 599))
    refuse('its code is not from 400 to 599')
  if (fault.kind === 'reply' && /[\r\n]/.test(fault.text ?? '')) refuse('its text has a line break')
  if (fault.kind === 'delay' && !(fault.milliseconds >= 0 && fault.milliseconds < Infinity))
    refuse('its milliseconds are not 0 or more')
}
