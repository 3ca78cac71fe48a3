@echo off
rem Runs the bridgetower command line on the Java beside it, or else on a JDK 25 or newer: that of JAVA_HOME, or the first on the path.
rem BRIDGETOWER_JAVA_OPTS holds further options for the Java virtual machine.
setlocal enableextensions disabledelayedexpansion

for %%I in ("%~dp0..") do set "home=%%~fI"

set "java="
call :consider "%home%\runtime\bin\java.exe"
if not defined java if defined JAVA_HOME call :consider "%JAVA_HOME%\bin\java.exe"
if not defined java for %%I in (java.exe) do if not "%%~$PATH:I"=="" call :consider "%%~$PATH:I"
if not defined java (
    echo bridgetower: needs a JDK 25 or newer; set JAVA_HOME to one>&2
    exit /b 1
)

rem The work is off the heap; see the launcher for other systems.
set "collector=-XX:+UseSerialGC"
set "given=%BRIDGETOWER_JAVA_OPTS% %JDK_JAVA_OPTIONS% %JAVA_TOOL_OPTIONS%"
set given | findstr /c:"GC" >nul && set "collector="

rem The empty property lets Java send the password of a proxy, as curl and Python do.
"%java%" --add-modules jdk.incubator.vector --enable-native-access io.bridgetower.engine,org.apache.lucene.core -Xms32m %collector% ^
    -Djava.awt.headless=true -Djdk.http.auth.tunneling.disabledSchemes= %BRIDGETOWER_JAVA_OPTS% "-Dbridgetower.home=%home%" ^
    --module-path "%home%\lib" --module io.bridgetower.cli/io.bridgetower.cli.Main %*
exit /b %ERRORLEVEL%

rem Takes a Java whose version is 25 or newer.
:consider
if not exist "%~1" exit /b 0
set "release="
for /f "tokens=3" %%V in ('""%~1" -version 2^>^&1" ^| findstr /i /c:" version "') do if not defined release set "release=%%~V"
if not defined release exit /b 0
for /f "delims=.-+" %%R in ("%release%") do if %%R geq 25 set "java=%~1"
exit /b 0
