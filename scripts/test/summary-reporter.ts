import { writeFileSync } from 'node:fs'
import type { Reporter, TestCase, TestModule, Vitest } from 'vitest/node'
import type { SkippedTest, TestResult } from './summary.ts'

/** A vitest reporter that writes the {@link TestResult} of the run to a file, for the task that started it. */
export function summaryReporter(file: string): Reporter {
  let vitest: Vitest
  return {
    onInit(started) {
      vitest = started
    },
    onTestRunEnd(testModules, unhandledErrors) {
      const result = resultOf(testModules, vitest.config.testNamePattern)
      const failed = result.failed + unhandledErrors.length
      writeFileSync(file, JSON.stringify({ ...result, failed } satisfies TestResult))
    },
  }
}

function resultOf(testModules: readonly TestModule[], namePattern: RegExp | undefined): TestResult {
  const tests = testModules
    .flatMap((testModule) => [...testModule.children.allTests()])
    .filter((test) => namePattern === undefined || namePattern.test(test.fullName.replaceAll(' > ', ' ')))
  const inState = (state: string): TestCase[] => tests.filter((test) => test.result().state === state)
  const brokenFiles = testModules.filter(hasErrorsOutsideTests).length
  return {
    passed: inState('passed').length,
    // A test that never got its turn, because the run was broken off, has not passed.
    failed: inState('failed').length + inState('pending').length + brokenFiles,
    skipped: inState('skipped').map(skippedTest),
  }
}

/** A file that could not be loaded, or whose setup or teardown failed. */
function hasErrorsOutsideTests(testModule: TestModule): boolean {
  const suites = [...testModule.children.allSuites()]
  return testModule.errors().length > 0 || suites.some((suite) => suite.errors().length > 0)
}

function skippedTest(test: TestCase): SkippedTest {
  const result = test.result()
  const note = result.state === 'skipped' ? result.note : undefined
  return { name: `${test.module.relativeModuleId}: ${test.fullName}`, reason: note ?? 'no reason given' }
}
