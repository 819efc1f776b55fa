"""Checks books with one version of EPUBCheck, all in one Java machine.

    books.py JAR BOOK…

Prints a JSON object: what EPUBCheck prints about each book, by path. A machine takes ten seconds
of processor time until its first book is read, and each further book a fraction of a second.
"""

import json
import sys

import jpype

# The first compiler of the machine is enough for a program that runs for seconds. The messages are
# read: their language must not depend on the locale.
OPTIONS = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Duser.language=en", "-Dfile.encoding=UTF-8"]

jar, books = sys.argv[1], sys.argv[2:]
jpype.startJVM(*OPTIONS, classpath=[jar], convertStrings=True)
system = jpype.JClass("java.lang.System")
buffer = jpype.JClass("java.io.ByteArrayOutputStream")
stream = jpype.JClass("java.io.PrintStream")
checker = jpype.JClass("com.adobe.epubcheck.tool.EpubChecker")

printed = {}
for book in books:
    output = buffer()
    printer = stream(output, True, "UTF-8")
    system.setOut(printer)
    system.setErr(printer)
    checker().run([book])
    printed[book] = str(output.toString("UTF-8"))
print(json.dumps(printed))
