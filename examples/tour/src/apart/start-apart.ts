import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { BarOutput } from '../console/progress-bar.ts'
import type { StepResult } from '../run-step.ts'
import type { Step } from '../step.ts'
import type { Beginning, Report } from './messages.ts'

/** The steps that run in a process of their own. */
export interface Apart {
  /** How a step ended; what it printed so far is printed now, the rest as it comes. */
  result(step: Step, output: BarOutput): Promise<StepResult>
  /** Ends the process when it is still at work, and waits for it. */
  close(): Promise<void>
}

const entry = fileURLToPath(new URL('apart-process.ts', import.meta.url))

/** Starts them, one after the other. When the user stops the tour, the process is told to clean up and end. */
export function startApart(beginning: Beginning, signal: AbortSignal, program = entry): Apart {
  const child = fork(program, { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const stop = (): void => void child.kill('SIGTERM')
  signal.addEventListener('abort', stop, { once: true })
  const lines = new Map<string, Line>()
  const lineOf = (step: string): Line => {
    const line = lines.get(step) ?? new Line()
    lines.set(step, line)
    return line
  }
  let failure: string | undefined
  const end = (reason: string): void => {
    failure = reason
    signal.removeEventListener('abort', stop)
    for (const line of lines.values()) line.end({ seconds: 0, outcome: undefined, failure })
  }
  child.on('message', (report: Report) => {
    if ('text' in report) lineOf(report.step).write(report.text)
    else lineOf(report.step).end(report.result)
  })
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => (end(error.message), resolve()))
    child.once('close', (code, killer) => (end(`its process ended with ${killer ?? code}`), resolve()))
  })
  child.send(beginning)
  return {
    async result(step, output) {
      const line = lineOf(step.name)
      if (failure !== undefined) line.end({ seconds: 0, outcome: undefined, failure })
      line.follow(output)
      return { step, ...(await line.result) }
    },
    async close() {
      if (failure === undefined) stop()
      await ended
    },
  }
}

/** What one step prints, kept until somebody looks, and how it ended: the first word counts. */
class Line {
  readonly result: Promise<Omit<StepResult, 'step'>>
  end: (result: Omit<StepResult, 'step'>) => void = () => {}
  #text = ''
  #output: BarOutput | undefined

  constructor() {
    this.result = new Promise((resolve) => (this.end = resolve))
  }

  write(text: string): void {
    if (this.#output === undefined) this.#text += text
    else this.#output.write(text)
  }

  follow(output: BarOutput): void {
    this.#output = output
    output.write(this.#text)
  }
}
