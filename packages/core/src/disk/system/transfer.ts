import { read, readSync, write, writeSync } from 'node:fs'
import { promised } from './promised.ts'

/**
 * The system may read or write less than it was asked to (a signal, a limit of 2 GiB per call, little room left), so
 * both directions go on until everything is done. libuv repeats a call that a signal interrupted (EINTR).
 */
const largestStep = 2 ** 30

/** Fills `target` from `position`; returns the bytes read, fewer only at the end of the file. */
export async function readFully(descriptor: number, target: Uint8Array, position: number): Promise<number> {
  let done = 0
  while (done < target.length) {
    const got = await readOnce(descriptor, target, done, position + done)
    if (got === 0) break
    done += got
  }
  return done
}

/** {@link readFully}, at once. */
export function readFullySync(descriptor: number, target: Uint8Array, position: number): number {
  let done = 0
  while (done < target.length) {
    const got = readSync(descriptor, target, done, step(target, done), position + done)
    if (got === 0) break
    done += got
  }
  return done
}

/** Writes all of `bytes`; the position is undefined for a file that only grows at its end. */
export async function writeFully(descriptor: number, bytes: Uint8Array, position: number | undefined): Promise<void> {
  let done = 0
  while (done < bytes.length)
    done += progress(await writeOnce(descriptor, bytes, done, position === undefined ? null : position + done))
}

/** {@link writeFully}, at once. */
export function writeFullySync(descriptor: number, bytes: Uint8Array, position: number | undefined): void {
  let done = 0
  while (done < bytes.length) {
    const at = position === undefined ? null : position + done
    done += progress(writeSync(descriptor, bytes, done, step(bytes, done), at))
  }
}

function readOnce(descriptor: number, target: Uint8Array, offset: number, position: number): Promise<number> {
  return promised((done) => read(descriptor, target, offset, step(target, offset), position, done))
}

function writeOnce(descriptor: number, bytes: Uint8Array, offset: number, position: number | null): Promise<number> {
  return promised((done) => write(descriptor, bytes, offset, step(bytes, offset), position, done))
}

function step(bytes: Uint8Array, done: number): number {
  return Math.min(largestStep, bytes.length - done)
}

/** A write that makes no progress would repeat for ever. */
function progress(written: number): number {
  if (written > 0) return written
  throw Object.assign(new Error('The system wrote nothing and gave no reason.'), { code: 'EIO' })
}
