import { writeErrorReference } from '../errors/error-evidence.ts'
import { writeOpenApi } from '../openapi/openapi-documents.ts'
import { run } from '../lib/run.ts'
import { runTask, TaskFailure } from '../lib/task.ts'

await runTask({
  name: 'fix',
  help: `
npm run fix

Writes the generated documents again, mends what lint can mend, and formats everything.

  --help   this text
`,
  async run() {
    await writeErrorReference()
    await writeOpenApi()
    const lint = await run('oxlint', ['--type-aware', '--fix'])
    const format = await run('oxfmt', [])
    if (lint.code !== 0 || format.code !== 0) throw new TaskFailure('fix: what stands above has to be mended by hand.')
    console.log('fix: done')
  },
})
