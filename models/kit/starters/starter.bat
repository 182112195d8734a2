@@echo off
rem @title
chcp 65001 >nul
setlocal DisableDelayedExpansion
set "HERE=%~dp0"
set "FOUND="
for %%V in (@names) do if not defined FOUND py -%%V -c "" >nul 2>&1 && set "FOUND=py -%%V"
if not defined FOUND python -c "import sys; sys.exit(sys.version_info[:2] not in @versions)" >nul 2>&1 && set "FOUND=python"
if not defined FOUND goto none
%FOUND% @launcher @command %*
set "CODE=%ERRORLEVEL%"
if "%CODE%"=="0" exit /b 0
goto problem
:none
set "CODE=1"
@no_python
dir /b "%HERE%python\*.exe" >nul 2>&1 || goto problem
@installers
:problem
@close
pause >nul
exit /b %CODE%
