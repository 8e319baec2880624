/** What a task is given beside its data. */
export interface TaskContext {
  /** Aborts when the caller's does or the time is over. A task that does not listen is stopped with its worker. */
  readonly signal: AbortSignal
}

/**
 * One kind of work: takes data, gives data. Both are copied (structured clone) unless transferred, also when it runs inline.
 */
export type Task<Data = never, Result = unknown> = (data: Data, context: TaskContext) => Result | Promise<Result>

/** The tasks of one entry, by name. */
export type TaskMap = Readonly<Record<string, Task>>

/** What a task takes. */
export type TaskData<Candidate> = Candidate extends (data: infer Data, ...rest: never[]) => unknown ? Data : never

/** What a task gives, without the wrapper of {@link withTransfer}. */
export type TaskResult<Candidate> = Candidate extends (...parameters: never[]) => infer Result
  ? Awaited<Result> extends Transferred<infer Value>
    ? Value
    : Awaited<Result>
  : never

/** A result with the buffers that move instead of being copied. */
export class Transferred<Value> {
  readonly value: Value
  readonly transfer: readonly ArrayBuffer[]

  constructor(value: Value, transfer: readonly ArrayBuffer[]) {
    this.value = value
    this.transfer = transfer
  }
}

/**
 * Gives a task's result with buffers that move to the caller instead of being copied.
 *
 * @example
 * ```ts
 * import { serveTasks, withTransfer } from '@exprsn/core/workers'
 *
 * export const tasks = serveTasks({
 *   zeros(length: number) {
 *     const bytes = new Uint8Array(length)
 *     return withTransfer(bytes, [bytes.buffer])
 *   },
 * })
 * ```
 */
export function withTransfer<Value>(value: Value, transfer: readonly ArrayBuffer[]): Transferred<Value> {
  return new Transferred(value, transfer)
}
