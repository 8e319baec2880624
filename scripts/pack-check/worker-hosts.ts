import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { Consumer } from './consumer.ts'
import type { Host } from './hosts.ts'

const specifier = '@exprsn/core/workers'

/**
 * Hosts with a worker entry of their own: started from the installed package as ESM and as CommonJS, and again when host and
 * entry are bundled into two files. Each runs a task on a thread and one inline. None when the pool is not among the packages.
 */
export async function workerHosts({ folder, specifiers }: Consumer): Promise<Host[]> {
  if (!specifiers.includes(specifier)) return []
  const forms = [
    { name: 'ESM', kind: 'esm', load: esmLoad, bundle: 'esm' },
    { name: 'CommonJS', kind: 'cjs', load: cjsLoad, bundle: 'cjs' },
  ] as const
  const hosts = forms.map(async ({ name, kind, load, bundle }) => {
    const at = (file: string): string => join(folder, kind, file)
    writeFileSync(at('tasks.worker.js'), load.entry)
    writeFileSync(at('worker.js'), `${load.host}\n${run}`)
    const outdir = at('bundled-worker')
    await build({
      entryPoints: [at('worker.js'), at('tasks.worker.js')],
      outdir,
      format: bundle,
      bundle: true,
      platform: 'node',
      target: 'node22',
      logLevel: 'silent',
    })
    return [
      { name: `a worker in ${name}`, file: at('worker.js') },
      { name: `a worker bundled as ${name}`, file: join(outdir, 'worker.js') },
    ]
  })
  return (await Promise.all(hosts)).flat()
}

const tasks = 'serveTasks({ double: (value) => value * 2, fail: () => { throw new RangeError("planned") } })'

const esmLoad = {
  entry: `import { serveTasks } from '${specifier}'\nexport const tasks = ${tasks}\n`,
  host: `import { createWorkerPool } from '${specifier}'\nconst entry = new URL('./tasks.worker.js', import.meta.url)`,
}

const cjsLoad = {
  entry: `const { serveTasks } = require('${specifier}')\nexports.tasks = ${tasks}\n`,
  host: `const { createWorkerPool } = require('${specifier}')\nconst entry = require('node:path').join(__dirname, 'tasks.worker.js')`,
}

const run = `
async function main() {
  for (const threads of [1, 0]) {
    const pool = createWorkerPool({ entry, threads })
    const doubled = await pool.run('double', 21)
    if (doubled !== 42) throw new Error('the task gave ' + doubled)
    const failure = await pool.run('fail', null).catch((error) => error)
    if (failure.message !== 'planned') throw new Error('the failure came as ' + failure)
    await pool.close()
  }
}
main().catch((error) => {
  console.error(String(error))
  process.exitCode = 1
})
`
