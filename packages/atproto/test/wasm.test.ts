import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { assemble } from '../wasm/assemble.ts'
import { k256Kernel } from '../wasm/kernels.ts'

it('is what its committed text assembles to', async () => {
  expect(readFileSync(k256Kernel.file, 'utf8')).toBe(await assemble(k256Kernel))
})
