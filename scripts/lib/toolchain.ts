import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './packages.ts'

/** The toolchain that the root package.json pins. */
export interface Toolchain {
  readonly pnpm: string
  /** The Node that development uses. */
  readonly node: string
  /** The Nodes under which packages are tried before they are published. */
  readonly nodes: readonly string[]
}

/** Reads the pins. */
export function pinnedToolchain(): Toolchain {
  return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { toolchain: Toolchain }).toolchain
}
