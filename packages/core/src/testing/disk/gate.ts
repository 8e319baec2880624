import type { DiskPath } from '../../disk/disk.ts'
import { diskErrorOf } from '../../disk/disk-error.ts'
import { diskErrors } from '../../disk/errors.ts'
import { displayPath } from '../../disk/paths.ts'
import type { Intercept } from './operation.ts'

/** One call on its way through the {@link Gate}. */
export interface GatedCall<Result> {
  readonly name: string
  readonly path: DiskPath
  readonly act: () => Result
  /** Bytes of a write. */
  readonly size?: number | undefined
  /** What has happened when a crash stops the call in its middle. */
  readonly halfway?: (() => void) | undefined
  /** What has happened when the call fails. */
  readonly failed?: (() => void) | undefined
  /** Whether the call only looks. @default false */
  readonly reads?: boolean | undefined
}

/** Every call of a simulated disk passes here: it is counted, may be made to fail, and is refused after a crash. */
export class Gate {
  #crashed = false
  #changes = 0
  readonly #intercept: Intercept

  constructor(intercept: Intercept) {
    this.#intercept = intercept
  }

  get crashed(): boolean {
    return this.#crashed
  }

  /** Calls so far that change something. */
  get changes(): number {
    return this.#changes
  }

  crash(): void {
    this.#crashed = true
  }

  pass<Result>({ name, path, act, size, halfway, failed, reads = false }: GatedCall<Result>): Result {
    const shown = displayPath(path)
    if (this.#crashed) throw crashed(name, shown)
    const fault = this.#intercept({ index: this.#changes, name, path: shown, changes: !reads, size })
    if (!reads) this.#changes++
    if (fault && 'errno' in fault) {
      failed?.()
      throw diskErrorOf(fault.errno, name, path)
    }
    if (fault?.crash === 'halfway') halfway?.()
    const result = fault === undefined || fault.crash === 'after' ? act() : undefined
    if (fault === undefined) return result as Result
    this.#crashed = true
    throw crashed(name, shown)
  }
}

function crashed(operation: string, path: string): Error {
  return diskErrors.CORE_DISK_CRASHED({ operation, path, errno: 'CRASHED' })
}
