import type { MessagePort } from 'node:worker_threads'
import { systemClock } from '../clock/system-clock.ts'
import { defineErrors } from '../errors/registry.ts'
import { serveTasks } from './serve-tasks.ts'
import { withTransfer, type TaskContext } from './task.ts'

const errors = defineErrors({
  SAMPLE_WRONG: { message: 'Wrong: {what}.', help: 'Do it right.', retryable: true, status: 418 },
})

let calls = 0

export const tasks = serveTasks({
  /** Answers over a port, until it is told to end. */
  talk(port: MessagePort) {
    return new Promise<string>((resolve) => {
      port.on('message', (message: string) => {
        if (message !== 'end') return port.postMessage(`${message}?`)
        port.close()
        resolve('ended')
      })
    })
  },
  add: ({ left, right }: { readonly left: number; readonly right: number }) => left + right,
  echo: (data: unknown) => data,
  count: (_: null) => ++calls,
  async wait(milliseconds: number, { signal }: TaskContext) {
    await new Promise<void>((resolve, reject) => {
      const timer = systemClock.setTimer(resolve, milliseconds)
      signal.addEventListener('abort', () => {
        timer.cancel()
        reject(signal.reason as Error)
      })
    })
    return 'waited'
  },
  never: (_: null) => new Promise<void>(() => {}),
  spin(_: null): void {
    for (;;) calls++
  },
  exit(code: number): void {
    process.exit(code)
  },
  crash: (_: null) =>
    new Promise<void>(() => {
      systemClock.setTimer(() => {
        throw new TypeError('nobody catches this')
      }, 0)
    }),
  exhaust(_: null) {
    const kept: unknown[] = []
    for (;;) kept.push(Array.from({ length: 100_000 }, (__, index) => ({ index })))
  },
  fill(bytes: Uint8Array<ArrayBuffer>) {
    bytes.fill(7)
    return withTransfer(bytes, [bytes.buffer])
  },
  addShared(shared: SharedArrayBuffer) {
    return Atomics.add(new Int32Array(shared), 0, 5)
  },
  unclonable: (_: null) => () => 'a function',
  fail(kind: 'exprsn' | 'plain' | 'value' | 'aggregate' | 'unclonable') {
    const cause = Object.assign(new RangeError('deep'), { code: 'E_DEEP' })
    if (kind === 'exprsn') throw errors.SAMPLE_WRONG({ what: 'all', list: [1, 2n] }, { cause })
    if (kind === 'unclonable') throw errors.SAMPLE_WRONG({ what: 'all', run: () => 1 })
    if (kind === 'aggregate') throw new AggregateError([cause, 'text'], 'many')
    // oxlint-disable-next-line typescript/only-throw-error, eslint/no-throw-literal -- what others throw must arrive, too
    if (kind === 'value') throw { plain: true }
    throw new TypeError('plain', { cause })
  },
})
