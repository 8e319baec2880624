import { ExprsnError } from '@exprsn/core'
import { closeMonth } from './close-month.ts'

try {
  const { faults } = await closeMonth(process.env['MONTH_FOLDER'] ?? './data', (line) => console.log(line))
  if (faults.length > 0) process.exitCode = 1
} catch (error) {
  if (!ExprsnError.is(error)) throw error
  console.error(`${error.message}\n${error.help}`)
  process.exitCode = 1
}
