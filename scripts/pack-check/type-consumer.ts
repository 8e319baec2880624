import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tail } from '../lib/must-capture.ts'
import { capture } from '../lib/run.ts'
import { root } from '../lib/packages.ts'
import type { Consumer } from './consumer.ts'

const resolutions = [
  { module: 'nodenext', moduleResolution: 'nodenext', files: ['esm/types.ts', 'cjs/types.ts'] },
  { module: 'esnext', moduleResolution: 'bundler', files: ['esm/types.ts'] },
]

/**
 * Compiles programs that name every subpath, as users do, under the two module resolutions in use. The declaration
 * files are checked as well (`skipLibCheck: false`), so that a type which leaks an absent optional peer is found.
 */
export async function consumerTypeProblems({ folder, specifiers }: Consumer): Promise<string[]> {
  const lines = specifiers.map((specifier, index) => `import * as module${index} from '${specifier}'`)
  const text = [...lines, `export const modules: object[] = [${specifiers.map((_, index) => `module${index}`)}]`].join(
    '\n',
  )
  for (const file of ['esm/types.ts', 'cjs/types.ts']) writeFileSync(join(folder, file), text)
  const problems = await Promise.all(resolutions.map((resolution) => compile(folder, resolution)))
  return problems.flat()
}

async function compile(folder: string, { module, moduleResolution, files }: (typeof resolutions)[number]) {
  const compilerOptions = {
    ...{ module, moduleResolution, target: 'es2022', strict: true, exactOptionalPropertyTypes: true },
    ...{ skipLibCheck: false, noEmit: true, types: ['node'], typeRoots: [join(root, 'node_modules/@types')] },
  }
  const config = join(folder, `tsconfig.${moduleResolution}.json`)
  writeFileSync(config, JSON.stringify({ compilerOptions, files }))
  const { code, stdout, stderr } = await capture('tsc', ['-p', config], { cwd: folder })
  return code === 0 ? [] : [`types under ${moduleResolution}: ${tail(stdout + stderr, 12)}`]
}
