import type { Clock } from '@exprsn/core'
import type { Disk, DiskFile, DiskLock } from '@exprsn/core/disk'

/** The outside world of one process: it can be taken away at any moment, as by SIGKILL. */
export interface MortalWorld {
  readonly disk: Disk
  readonly clock: Clock
  readonly isDead: () => boolean
  /** Nothing answers any more, no timer fires, and the locks are free. What the kernel has, it keeps. */
  kill(): Promise<void>
}

export function mortalWorld(disk: Disk, clock: Clock): MortalWorld {
  let dead = false
  const locks = new Set<DiskLock>()
  const guard = <Target extends object>(target: Target): Target =>
    new Proxy(target, {
      get(inner, name) {
        const value: unknown = Reflect.get(inner, name)
        if (typeof value !== 'function') return value
        return (...parameters: unknown[]): unknown => {
          if (!dead) return wrapped(Reflect.apply(value, inner, copied(name, parameters)))
          if (String(name).endsWith('Sync')) throw new Error('The process is dead.')
          return new Promise(() => {})
        }
      },
    })

  function wrapped(result: unknown): unknown {
    if (result instanceof Promise) return result.then((value) => (dead ? new Promise(() => {}) : wrapped(value)))
    return isFile(result) ? guard(result) : result
  }

  const guarded = guard(disk)
  return {
    disk: {
      ...proxied(guarded, disk),
      async lock(path) {
        if (dead) return new Promise(() => {})
        const lock = await disk.lock(path)
        if (lock !== undefined) locks.add(lock)
        // Died while it waited: the system releases what it was just given.
        if (dead) await lock?.release()
        return dead ? new Promise(() => {}) : lock
      },
    },
    clock: {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      setTimer: (callback, delay, options) => clock.setTimer(() => void (dead || callback()), delay, options),
    },
    isDead: () => dead,
    async kill() {
      dead = true
      for (const lock of locks) await lock.release()
    },
  }
}

function proxied(guarded: Disk, disk: Disk): Disk {
  const names = Object.keys(disk) as (keyof Disk)[]
  return Object.fromEntries(names.map((name) => [name, guarded[name]])) as unknown as Disk
}

/** The kernel copies what it is given to write. The simulated disk keeps a view of a Buffer, whose `slice` does not copy. */
function copied(name: string | symbol, parameters: readonly unknown[]): readonly unknown[] {
  const [bytes, ...others] = parameters
  return String(name).startsWith('write') && Buffer.isBuffer(bytes) ? [Uint8Array.from(bytes), ...others] : parameters
}

function isFile(value: unknown): value is DiskFile {
  return typeof value === 'object' && value !== null && 'fdatasync' in value
}
