import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from '../lib/packages.ts'
import { assemble } from './assemble.ts'
import { findKernels } from './find-kernels.ts'

const kernels = await findKernels()

it.each(kernels)('$name is what its committed text assembles to', async (kernel) => {
  expect(readFileSync(kernel.file, 'utf8')).toBe(await assemble(kernel))
})

it('no package carries WebAssembly whose text is not here', () => {
  const carried = globSync('packages/*/src/**/*.wasm.ts', { cwd: root }).map((file) => join(root, file))
  expect(kernels.map(({ file }) => file).toSorted()).toEqual(carried.toSorted())
})
