import { isMainThread, parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { workersErrors } from './errors.ts'
import { workerMark, type FromWorker, type ToWorker } from './messages.ts'
import { runTask } from './run-task.ts'
import type { TaskMap } from './task.ts'
import { fromWire, toWire } from './wire-error.ts'

let served: TaskMap | undefined

/**
 * Declares the tasks of a worker entry. Export what it returns as `tasks`: that is where a pool without threads finds them.
 * In a module that a pool did not start as its worker it does nothing else.
 *
 * @example
 * ```ts
 * import { createHash } from 'node:crypto'
 * import { serveTasks } from '@exprsn/core/workers'
 *
 * export const tasks = serveTasks({
 *   digest: (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex'),
 * })
 * ```
 */
export function serveTasks<const Tasks extends TaskMap>(tasks: Tasks): Tasks {
  const port = parentPort
  if (isMainThread || port === null || !isPoolWorker(workerData)) return tasks
  // The entry itself is evaluated after everything it imports: the last call is its own.
  const first = served === undefined
  served = tasks
  if (first) listen(port)
  return tasks
}

function isPoolWorker(data: unknown): boolean {
  return typeof data === 'object' && data !== null && workerMark in data
}

function listen(port: MessagePort): void {
  const running = new Map<number, AbortController>()
  port.on('message', (message: ToWorker) => {
    if (message.type === 'cancel') running.get(message.id)?.abort(fromWire(message.reason))
    else void answer(port, message, running)
  })
  port.postMessage({ type: 'ready' } satisfies FromWorker)
}

async function answer(
  port: MessagePort,
  { id, task, data }: Extract<ToWorker, { type: 'run' }>,
  running: Map<number, AbortController>,
): Promise<void> {
  const controller = new AbortController()
  running.set(id, controller)
  try {
    const { value, transfer } = await runTask(served!, task, data, { signal: controller.signal })
    reply(port, { type: 'done', id, value }, transfer, task)
  } catch (error) {
    port.postMessage({ type: 'failed', id, error: toWire(error) } satisfies FromWorker)
  } finally {
    running.delete(id)
  }
}

function reply(port: MessagePort, message: FromWorker, transfer: readonly ArrayBuffer[], task: string): void {
  try {
    port.postMessage(message, [...transfer])
  } catch (cause) {
    throw workersErrors.CORE_WORKERS_NOT_CLONEABLE({ part: 'result', task }, { cause })
  }
}
