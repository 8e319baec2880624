/** `process.nextTick` callbacks that a program may chain behind one another within one drain. */
const rounds = 8

/**
 * Lets everything run that needs no timer and no I/O. Node empties the whole queue of promise reactions, however long
 * the chains, before it takes the next `process.nextTick` callback; eight rounds let code run that itself uses ticks
 * (streams do), each with all the promises behind it. Real I/O and `setImmediate` are not waited for.
 */
export async function drainMicrotasks(): Promise<void> {
  for (let round = 0; round < rounds; round++) await new Promise<void>((resolve) => process.nextTick(resolve))
}
