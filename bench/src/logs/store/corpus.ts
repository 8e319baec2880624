import { createHash } from 'node:crypto'

/** A line with the columns that peers keep of it. */
export interface CorpusLine {
  readonly raw: string
  readonly time: number
  readonly level: number
  readonly service: string
  readonly msg: string
}

/** The one line that has this. */
export const needle = 'c0ffee0000facade'

/** Of the first line. */
export const corpusStart = 1_795_000_000_000

const services = ['api', 'web', 'billing', 'search', 'mail', 'auth']
const words = Array.from({ length: 5_000 }, (_, index) => `w${((index * 7_919) % 100_003).toString(36)}`)

/** Lines of a service, nearly all with a message of their own; the same for the same count. */
export function* corpus(count: number): Generator<CorpusLine> {
  let state = 42
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  const word = (): string => words[Math.floor(words.length * random() ** 3)]!
  const hex = (digits: number): string => {
    let text = ''
    while (text.length < digits)
      text += Math.floor(random() * 2 ** 32)
        .toString(16)
        .padStart(8, '0')
    return text
  }
  for (let index = 0; index < count; index++) {
    const messages = [
      () => `request ${index} of user ${word()} completed in ${Math.floor(random() * 500)} ms`,
      () => `connect to ${word()} at 10.0.${index % 16}.${index % 255} failed: timeout after ${index % 3_000} ms`,
      () => `cache miss for /accounts/${word()}/${word()}/${index.toString(36)}`,
      () => `job ${hex(8)} of ${word()} ${word()} ended with error ${Math.floor(random() * 100)}`,
    ]
    const time = corpusStart + index * 37
    const level = random() < 0.05 ? 50 : random() < 0.1 ? 40 : 30
    const service = services[Math.floor(random() * services.length)]!
    const reqId = index === Math.floor(count * 0.6) ? needle : hex(16)
    const msg = messages[Math.floor(random() * messages.length)]!()
    const fields = {
      level,
      time,
      pid: 4_242,
      hostname: `host-${index % 5}`,
      service,
      reqId,
      traceId: hex(32),
      took: Math.floor(random() * 900),
      msg,
    }
    yield { raw: JSON.stringify(fields), time, level, service, msg }
  }
}

/** What both sides must agree on. */
export function digest(answer: unknown): string {
  return createHash('sha256').update(JSON.stringify(answer)).digest('hex')
}

/** User and system time of a piece of work, in milliseconds. */
export async function cpuOf<Result>(
  work: () => Promise<Result> | Result,
): Promise<{ readonly milliseconds: number; readonly result: Result }> {
  const before = process.cpuUsage()
  const result = await work()
  const { user, system } = process.cpuUsage(before)
  return { milliseconds: (user + system) / 1_000, result }
}
