import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { renderLlmsText } from '../docs/llms-text.ts'
import { undocumented, type Reflection } from '../docs/undocumented.ts'
import { writeErrorReference } from '../errors/error-evidence.ts'
import { root } from '../lib/packages.ts'
import { run } from '../lib/run.ts'
import { runTask, TaskFailure } from '../lib/task.ts'

await runTask({
  name: 'docs',
  help: `
npm run docs

Writes docs/errors.md, and into docs/reference the reference of all packages, the guides and llms.txt.
A missing docstring, a broken link or a type that is used but not exported is a failure.

  --help   this text
`,
  async run() {
    await writeErrorReference()
    const reference = join(root, 'docs/reference')
    const { code, seconds } = await run('typedoc', ['--logLevel', 'Warn'])
    if (code !== 0) throw new TaskFailure('docs: the reference has faults; they stand above.')
    const bare = undocumented(JSON.parse(readFileSync(join(reference, 'reference.json'), 'utf8')) as Reflection)
    for (const name of bare) console.error(`${name} has no docstring.`)
    if (bare.length > 0) throw new TaskFailure(`docs: ${bare.length} functions or options have no docstring.`)
    writeFileSync(join(reference, 'llms.txt'), renderLlmsText())
    console.log(`docs: docs/reference/index.html and llms.txt, in ${seconds.toFixed(1)} s`)
  },
})
