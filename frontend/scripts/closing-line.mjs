// A vitest reporter that ends with one line which any CI can read: "N passed, N failed".
export default class ClosingLine {
  onTestRunEnd(modules) {
    let passed = 0;
    let failed = 0;
    for (const module of modules) {
      let failedHere = 0;
      for (const test of module.children.allTests()) {
        const state = test.result().state;
        if (state === 'passed') passed += 1;
        if (state === 'failed') failedHere += 1;
      }
      // A file that broke before its first test has failed as well.
      failed += failedHere === 0 && !module.ok() ? 1 : failedHere;
    }
    process.on('exit', () => process.stdout.write(`${passed} passed, ${failed} failed\n`));
  }
}
